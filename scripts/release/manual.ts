import { run } from "./shell.ts";

/** What `--help` says: the source of the manual page and the completions. */
export interface Help {
  /** The output of `cdp --help`. */
  readonly top: string;
  readonly commands: readonly CommandHelp[];
}

export interface CommandHelp {
  readonly name: string;
  readonly about: string;
  /** Long options with their dashes, without values. */
  readonly options: readonly string[];
  /** The output of `cdp NAME --help`; `undefined` for `codex`, whose every word is Codex's own. */
  readonly text: string | undefined;
}

/** Asks a program that runs here for its help, and for that of each of its commands. */
export async function readHelp(program: string): Promise<Help> {
  const env = { NO_COLOR: "1" };
  const top = await run([program, "--help"], { env });
  const commands = await Promise.all(
    commandsIn(top).map(async ({ name, about }): Promise<CommandHelp> => {
      const text = name === "codex" ? undefined : await run([program, name, "--help"], { env });
      return { name, about, options: optionsIn(text ?? ""), text };
    }),
  );
  if (commands.length === 0) throw new Error("cdp --help names no command");
  return { top, commands };
}

/** The rows of the section COMMANDS. */
export function commandsIn(
  help: string,
): readonly { readonly name: string; readonly about: string }[] {
  const section = /^COMMANDS\n\n((?: .*\n)+)/m.exec(help)?.[1] ?? "";
  return section.split("\n").flatMap((row) => {
    const [, name, about] = /^ +(\S+) {2,}(.*\S) *$/.exec(row) ?? [];
    return name === undefined || about === undefined ? [] : [{ name, about }];
  });
}

/** The long options of the section OPTIONS. */
export function optionsIn(help: string): readonly string[] {
  const section = /^OPTIONS\n\n((?: .*\n)+)/m.exec(help)?.[1] ?? "";
  return [...section.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1] ?? "");
}

/** `cdp.1`. @param date YYYY-MM-DD */
export function manualPage({ top, commands }: Help, version: string, date: string): string {
  return [
    `.TH CDP 1 "${date}" "cdp ${version}" "User Commands"`,
    ".SH NAME",
    "cdp \\- Codex in your terminal, its state in your Discord profile",
    ".SH SYNOPSIS",
    ".B cdp",
    ".br",
    ".B cdp codex",
    "[\\fIargument\\fR ...]",
    ".br",
    ".B cdp",
    "\\fIcommand\\fR [\\fIoption\\fR ...]",
    ".SH DESCRIPTION",
    ".nf",
    roff(withoutTitle(top)),
    ".fi",
    ".SH COMMANDS",
    ...commands.flatMap(({ name, about, text }) => [
      `.SS cdp ${roff(name)}`,
      ...(text === undefined ? [roff(about)] : [".nf", roff(withoutTitle(text)), ".fi"]),
    ]),
    ".SH SEE ALSO",
    ".BR codex (1)",
    "",
  ].join("\n");
}

/** Without the version, which stands at the foot of a manual page. */
function withoutTitle(help: string): string {
  return help.replace(/ \(cdp[^)]* v[^)]*\)$/m, "").trimEnd();
}

/** Text that troff prints as it is. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^(?=[.'])/gm, "\\&");
}
