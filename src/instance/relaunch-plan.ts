type Env = Readonly<Record<string, string | undefined>>;

/** What `cdp` without arguments finds around it. */
export interface LaunchFacts {
  /** Standard output is a terminal. */
  readonly outputIsTerminal: boolean;
  /** Any standard stream is. */
  readonly anyIsTerminal: boolean;
  /** /dev/tty can be opened. */
  readonly hasTerminal: boolean;
  /** Somebody reads what is written: a pipe, or a file that standard error does not go to as well. */
  readonly outputIsRead: boolean;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
}

/** `failed`: we were to open in a terminal of our own and there is none; who opened it goes on. */
export type Launch = "dashboard" | "report" | "open" | "headless" | "failed";

/** Set for a `cdp` that another one has opened in a terminal; holds the token to answer with. */
export const relaunchedName = "CDP_RELAUNCHED";

/**
 * What `cdp` without arguments is to do. It opens a terminal only where a person started it who sees
 * a screen but no terminal: from a launcher, a desktop entry, by a double click.
 */
export function planLaunch(facts: LaunchFacts): Launch {
  const { outputIsTerminal, anyIsTerminal, hasTerminal, outputIsRead, env } = facts;
  if (outputIsTerminal) return hasTerminal && env["TERM"] !== "dumb" ? "dashboard" : "report";
  if (isSet(env[relaunchedName])) return "failed";
  if (anyIsTerminal || hasTerminal || outputIsRead || isRemote(env)) return "report";
  return hasDisplay(facts) && !isService(facts) ? "open" : "headless";
}

/** A program that opens a terminal, with the arguments that make it run the given command there. */
export interface TerminalProgram {
  readonly program: string;
  readonly args: readonly string[];
}

export interface Relaunched {
  /** Our own program. */
  readonly self: string;
  readonly token: string;
  /** `env(1)`, by its path: a terminal would look it up by name. */
  readonly envProgram: string;
  /** A file that runs the same, for macOS, where terminals open files. */
  readonly script: string;
}

/** Terminal programs to try, best first. Which of them there are is for the caller to see. */
export function terminalPrograms(
  platform: NodeJS.Platform,
  env: Env,
  relaunched: Relaunched,
): readonly TerminalProgram[] {
  const { self, script } = relaunched;
  if (platform === "darwin") {
    return ["iTerm", "Terminal"].map((name) => ({ program: "open", args: ["-a", name, script] }));
  }
  if (platform === "win32") {
    return [
      { program: "wt.exe", args: ["new-tab", self] },
      { program: "conhost.exe", args: [self] },
    ];
  }
  const command = relaunchCommand(env, relaunched);
  const listed = Object.entries(linuxTerminals).map(([program, before]) => ({
    program,
    args: [...before, ...command],
  }));
  return [...chosen(env["TERMINAL"], command), ...listed];
}

/** Through `env`, since a terminal that is already running starts it, in its own environment. */
export function relaunchCommand(
  env: Env,
  { self, token, envProgram }: Relaunched,
): readonly string[] {
  const passed = ["CODEX_HOME"].flatMap((name) =>
    isSet(env[name]) ? [`${name}=${env[name]}`] : [],
  );
  return [envProgram, `${relaunchedName}=${token}`, ...passed, self];
}

/** Whether a token is one of ours: it becomes part of a file's name. */
export function isToken(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f-]{16,64}$/.test(text);
}

/** What stands between each program's name and the command to run. */
const linuxTerminals: Readonly<Record<string, readonly string[]>> = {
  "xdg-terminal-exec": [],
  "x-terminal-emulator": ["-e"],
  "gnome-terminal": ["--"],
  konsole: ["-e"],
  "xfce4-terminal": ["-x"],
  kitty: [],
  alacritty: ["-e"],
  wezterm: ["start", "--"],
  foot: [],
};

/**
 * `$TERMINAL` may name a program with or without a path, and arguments of its own; where no such
 * program is found, a path may have spaces in it.
 */
function chosen(
  terminal: string | undefined,
  command: readonly string[],
): readonly TerminalProgram[] {
  const whole = (terminal ?? "").trim();
  const [program, ...own] = whole.split(/\s+/).filter((word) => word !== "");
  if (program === undefined) return [];
  const parted = { program, args: [...own, ...betweenOf(program), ...command] };
  if (own.length === 0 || !whole.startsWith("/")) return [parted];
  return [parted, { program: whole, args: [...betweenOf(whole), ...command] }];
}

/** What stands between a program, with or without a path, and the command to run. */
function betweenOf(program: string): readonly string[] {
  const name = program.slice(program.lastIndexOf("/") + 1);
  return (Object.hasOwn(linuxTerminals, name) ? linuxTerminals[name] : undefined) ?? ["-e"];
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Nobody sits at this machine's screen, or nobody at all. */
function isRemote(env: Env): boolean {
  if (["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].some((name) => isSet(env[name]))) return true;
  return isSet(env["CI"]) && env["CI"] !== "false";
}

function hasDisplay({ env, platform }: LaunchFacts): boolean {
  if (platform === "darwin" || platform === "win32") return true;
  return isSet(env["DISPLAY"]) || isSet(env["WAYLAND_DISPLAY"]);
}

/**
 * systemd names the process that it started itself; those that a desktop starts inherit the name.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html `$SYSTEMD_EXEC_PID`
 */
function isService({ env, pid }: LaunchFacts): boolean {
  return env["SYSTEMD_EXEC_PID"] === String(pid);
}
