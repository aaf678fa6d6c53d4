import { noOptions, type Valued, valuedOptions } from "./shell-options.ts";

/** What the programs of a shell command line do; names only, so that no argument is ever shown. */

export interface FileProgram {
  /** Operands before the file: a script, a filter. */
  readonly before: number;
  readonly valued: Valued;
  /** Options that give what else would be the first operand. */
  readonly instead?: readonly string[];
}

/** They show files. */
export const readers: ReadonlyMap<string, FileProgram> = new Map([
  ...each("cat zcat tac md5sum sha1sum sha256sum shasum cksum", ""),
  ...each(
    "get-content gc",
    "-totalcount -head -first -tail -last -encoding -delimiter -readcount -filter -include -exclude",
  ),
  ...each("wc", "--files0-from"),
  ...each("less more", "-b -h -j -k -o -O -p -P -t -T -x -y -z"),
  ...each(
    "bat batcat",
    "-r --line-range -l --language -H --highlight-line -m --map-syntax --theme --style --tabs " +
      "--wrap --paging --color --decorations --file-name --terminal-width --pager --diff-context",
  ),
  ...each("file", "-f -F -m -P -e"),
  ...each("stat", "-c -f -t --format --printf"),
  ...each("xxd", "-l -len -s -seek -c -cols -g -groupsize -o -n -name -R"),
  ...each("hexdump", "-n -s -e -f"),
  ...each("od", "-A -j -N -t -w -S"),
  ...each("strings", "-n -t -e -s -T --bytes --radix --encoding"),
  ...each("uniq", "-f -s -w --skip-fields --skip-chars --check-chars"),
  ...each("diff cmp colordiff", "-U -C -I -x -X -F -L -W -S -n -i --label --exclude --ignore"),
  ...each("column", "-s -o -c -N -H -O -R -T -W -E -x --separator --output-separator"),
  ...each("fold", "-w --width"),
  ...each("head", "-n -c --lines --bytes"),
  ...each("tail", "-n -c -s --lines --bytes --pid --sleep-interval"),
  ...each("nl", "-b -d -f -h -i -l -n -s -v -w"),
  ...each("cut", "-d -f -c -b --delimiter --fields --characters --bytes --output-delimiter"),
  ...each("sort", "-k -t -o -S -T --key --field-separator --output --buffer-size"),
  ...each("awk gawk mawk", "-F -v -f -i -l --field-separator --assign --file", 1, ["-f", "--file"]),
  ...each(
    "jq",
    "-f --from-file --indent -L --arg*2 --argjson*2 --slurpfile*2 --rawfile*2 --argfile*2",
    1,
    ["-f", "--from-file"],
  ),
  ...each("yq", "-f --from-file -o -p -I --output-format --input-format --indent", 1),
  ...each("sed gsed", "-e -f -l --expression --file --line-length", 1, [
    "-e",
    "-f",
    "--expression",
    "--file",
  ]),
]);

function each(
  names: string,
  valued: string,
  before = 0,
  instead: readonly string[] = [],
): readonly (readonly [string, FileProgram])[] {
  const program = { before, valued: valuedOptions(valued), instead };
  return names.split(" ").map((name) => [name, program] as const);
}

/** They show folders and the like: reading, of nothing that has a file's name. */
export const listers: ReadonlySet<string> = set(
  "ls ll dir tree eza exa lsd du df pwd readlink realpath basename dirname which whereis type hash " +
    "get-childitem gci get-location get-item test-path",
);

export const searchers: ReadonlySet<string> = set(
  "rg grep egrep fgrep zgrep ugrep ag ack find gfind fd fdfind locate mdfind ast-grep sg " +
    "select-string sls findstr",
);

/** They say little about a script that does more than them. */
export const asides: ReadonlySet<string> = set(
  "cd pushd popd set-location sl export set unset source . : true false echo printf sleep wait exit " +
    "return trap shopt ulimit umask alias unalias local declare readonly typeset let read test [ [[ " +
    "type hash which command clear date time nohup test-path write-output write-host start-sleep",
);

/** After one of these a relative path begins at a folder that is not known. */
export const movers: ReadonlySet<string> = set(
  "cd chdir pushd popd set-location sl push-location pop-location",
);

/** They run another program, named after their own options. */
export interface Wrapper {
  readonly valued: Valued;
  /** Words between the options and the program: how long, which folder. */
  readonly before: number;
}

export const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  wrapper("sudo", "-u -g -h -p -C -D -R -T -U -r -t --user --group --host --prompt --chdir"),
  wrapper("doas", "-u -C"),
  wrapper("env", "-u -C -S --unset --chdir --split-string"),
  wrapper("time", "-f -o --format --output"),
  wrapper("nice", "-n --adjustment"),
  wrapper("ionice", "-c -n --class --classdata"),
  wrapper("nohup"),
  wrapper("setsid"),
  wrapper("stdbuf", "-i -o -e --input --output --error"),
  wrapper("command"),
  wrapper("exec", "-a"),
  wrapper("builtin"),
  wrapper("timeout", "-k -s --kill-after --signal", 1),
  wrapper("gtimeout", "-k -s --kill-after --signal", 1),
  wrapper(
    "xargs",
    "-I -n -P -L -d -a -s -E --replace --max-args --max-procs --max-lines --delimiter --arg-file " +
      "--max-chars",
  ),
  wrapper("watch", "-n --interval"),
  wrapper("strace", "-o -e -p -s -u -E -S -P -a -O -b -I"),
  wrapper("ltrace", "-o -e -p -s -u -l -n"),
  wrapper("unbuffer"),
  wrapper("flock", "-w -E -c --timeout --conflict-exit-code", 1),
  wrapper("chroot", "--userspec --groups", 1),
  wrapper("runuser", "-u -g -G -l --user --group --login"),
  wrapper("systemd-run", "-p -u -E -H -M --property --unit --setenv --uid --gid --slice"),
  wrapper("caffeinate", "-t -w"),
  wrapper("arch", "-e -d"),
  wrapper("proxychains"),
  wrapper("proxychains4", "-f"),
  wrapper("cross-env"),
  wrapper("dotenv", "-e -p -v -c"),
  wrapper("corepack"),
  wrapper("winpty"),
  wrapper("wsl", "-d -u --distribution --user --cd"),
]);

function wrapper(name: string, valued = "", before = 0): readonly [string, Wrapper] {
  return [name, { valued: valued === "" ? noOptions : valuedOptions(valued), before }];
}

/** They run a file named by their first operand, after options that take nothing. */
export const interpreters: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...files("sh bash zsh dash ksh fish ash", "-l -i -x -e -u -v -n -a --login --posix"),
  ...files("node", "--watch --test --inspect --enable-source-maps --no-warnings"),
  ...files("deno tsx ts-node php lua luajit osascript julia", ""),
  ...files("python python2 python3 pypy3", "-u -B -E -s -S -I -O -OO -q -v -b"),
  ...files("ruby perl Rscript", "-w -W -v --vanilla"),
]);

function files(names: string, flags: string): readonly (readonly [string, ReadonlySet<string>])[] {
  return names.split(" ").map((name) => [name, set(flags)] as const);
}

/** A script stands after one of their options, or comes as their input. */
export const shells: ReadonlySet<string> = set("sh bash zsh dash ksh fish ash");
export const scriptTakers: ReadonlySet<string> = set("su script");
export const powerShells: ReadonlySet<string> = set("powershell pwsh");

/** Cmdlets that write a file, and their options. */
export const writers: ReadonlySet<string> = set(
  "set-content add-content out-file new-item clear-content",
);
export const writerOptions: Valued = valuedOptions("-value -encoding -itemtype -name -inputobject");

export function set(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
