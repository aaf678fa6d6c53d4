import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import type { Clock } from "../lib/clock.ts";
import { diskLanes } from "../lib/disk-pool.ts";
import { diskAt } from "../lib/local-disk.ts";
import { programFolders, withAbsolutePath } from "../lib/programs.ts";
import { type Ran, runProgram } from "../lib/run-program.ts";
import { gitMs, isNewEnough, readVersion } from "./git-answers.ts";
import { resolvePath } from "./paths.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The git that answers, or why there is none. */
export type GitState =
  | { readonly kind: "ready"; readonly path: string; readonly version: string }
  | { readonly kind: "absent" }
  | { readonly kind: "tooOld"; readonly path: string; readonly version: string }
  /** Something by that name that does not answer as git does. */
  | { readonly kind: "broken"; readonly path: string | undefined; readonly reason: string };

export interface GitProgram {
  /** Never rejects; takes 2 s at most. */
  state(): Promise<GitState>;
  /** Runs the git of `state()`, as `gitArguments` and `gitEnvironment` have it. Never rejects. */
  run(git: { readonly path: string }, args: readonly string[], timeoutMs: number): Promise<Ran>;
}

export interface GitProgramOptions {
  readonly env: Env;
  readonly clock: Clock;
  readonly platform?: NodeJS.Platform;
  /** How long finding git and its version may take; by default as long as an answer. */
  readonly findMs?: number;
}

/** All that git may say, in bytes. */
const maxBytes = 1024 * 1024;
/** After so many ms a git that was not there is looked for again. */
const againMs = 60_000;

/** The git of the person's PATH. Looked for at the first question, and again when it was not there. */
export function openGitProgram({
  env,
  clock,
  platform = process.platform,
  findMs = gitMs,
}: GitProgramOptions): GitProgram {
  const cleanEnv = gitEnvironment(env, platform);
  const run = (path: string, args: readonly string[], timeoutMs: number): Promise<Ran> =>
    runProgram(path, args, { env: cleanEnv, clock, timeoutMs, maxBytes });
  let known: { readonly state: GitState; readonly at: number } | undefined;
  let asking: Promise<GitState> | undefined;

  const ask = async (): Promise<GitState> => {
    const path = await firstUsable(env, platform, run);
    const state = path === undefined ? ({ kind: "absent" } as const) : await stateOf(path, run);
    known = { state, at: clock.monotonic() };
    return state;
  };
  return {
    async state() {
      const isFresh = known !== undefined && clock.monotonic() - known.at < againMs;
      if (known !== undefined && (isFresh || known.state.kind === "ready")) return known.state;
      // A folder of the PATH that does not answer keeps one question waiting, and no second one.
      asking ??= ask().finally(() => (asking = undefined));
      return within(findMs, asking, clock);
    },
    run: (git, args, timeoutMs) => run(git.path, gitArguments(args), timeoutMs),
  };
}

type Run = (path: string, args: readonly string[], timeoutMs: number) => Promise<Ran>;

function within(ms: number, asking: Promise<GitState>, clock: Clock): Promise<GitState> {
  return new Promise((resolve) => {
    const reason = `it was not found in ${ms} ms`;
    const timer = clock.after(ms, () => resolve({ kind: "broken", path: undefined, reason }));
    void asking.then((state) => {
      timer[Symbol.dispose]();
      resolve(state);
    });
  });
}

/**
 * Without every GIT_* variable, which could name another repository or configuration, and so that
 * git asks nothing, takes no locks of its own accord and fetches nothing. No relative PATH either.
 *
 * @see https://git-scm.com/docs/git#_environment_variables
 */
function gitEnvironment(env: Env, platform: NodeJS.Platform): Env {
  // @guard git-env
  const kept = Object.entries(env).filter(([name]) => !/^(?:GIT_|LC_ALL$)/i.test(name));
  return {
    // @guard git-path
    ...withAbsolutePath(Object.fromEntries(kept), platform),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // Since 2.45; older ones fetch nothing for what is asked here.
    GIT_NO_LAZY_FETCH: "1",
  };
}

/** Without a pager, hooks and a monitor of the file system. */
function gitArguments(args: readonly string[]): readonly string[] {
  // @guard git-hooks
  const off = ["core.hooksPath=/dev/null", "core.fsmonitor=false"];
  return ["--no-pager", ...off.flatMap((setting) => ["-c", setting]), ...args];
}

async function firstUsable(
  env: Env,
  platform: NodeJS.Platform,
  run: Run,
): Promise<string | undefined> {
  const name = platform === "win32" ? "git.exe" : "git";
  for (const folder of programFolders(env["PATH"], platform)) {
    const path = resolvePath(folder, name);
    // oxlint-disable-next-line no-await-in-loop -- the first one that can be used counts
    if ((await isProgram(path)) && (await mayRun(path, platform, run))) return path;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    return await diskLanes().wait(diskAt(path), async () => {
      await access(path, constants.X_OK);
      return (await stat(path)).isFile();
    });
  } catch {
    return false; // Lost: which of the ways in which it cannot be run.
  }
}

/**
 * On a Mac without the developer's tools `/usr/bin/git` is a stand-in that opens a window and offers
 * to install them.
 */
async function mayRun(path: string, platform: NodeJS.Platform, run: Run): Promise<boolean> {
  if (platform !== "darwin") return true;
  const real = await realpath(path).catch(() => path);
  if (path !== "/usr/bin/git" && real !== "/usr/bin/git") return true;
  const ran = await run("/usr/bin/xcode-select", ["-p"], gitMs);
  return ran.kind === "ended" && ran.status === 0;
}

async function stateOf(path: string, run: Run): Promise<GitState> {
  const ran = await run(path, ["--version"], gitMs);
  if (ran.kind === "failed") return { kind: "broken", path, reason: ran.reason };
  const version = ran.status === 0 ? readVersion(ran.text) : undefined;
  if (version === undefined) return { kind: "broken", path, reason: "it names no version of git" };
  const kind = isNewEnough(version) ? "ready" : "tooOld";
  return { kind, path, version: version.join(".") };
}
