import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import type { KnownRemotes, RemotesQuestion } from "../../src/repository/ask-remotes.ts";
import { type GitProgram, openGitProgram } from "../../src/repository/git-program.ts";
import { openGitRemotes } from "../../src/repository/git-remotes.ts";
import { filesFor } from "./folders.ts";

/** A folder with a home and repositories for the real git, away from the machine's own settings. */
export interface GitStage extends Disposable {
  readonly folder: string;
  readonly home: string;
  /** Runs the real git there. */
  git(cwd: string, ...args: readonly string[]): string;
  /** Makes a repository with this config after git's own. */
  repository(name: string, config?: string): RemotesQuestion;
  /** Makes a file, and the folders above it. */
  write(path: string, text: string): string;
  /** Makes a program of that name, a shell script; returns the folder for the PATH. */
  program(name: string, script: string): string;
  /** The remotes by the git on this PATH. */
  ask(question: RemotesQuestion, path?: string): Promise<KnownRemotes>;
  open(path?: string): ReturnType<typeof openGitRemotes>;
  openProgram(path?: string): GitProgram;
}

export const realPath = process.env["PATH"] ?? "";

export function gitStage(): GitStage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "git-stage-")));
  const home = join(folder, "home");
  mkdirSync(home);
  const env = (path: string) => ({ HOME: home, PATH: path });
  const write = (path: string, text: string): string => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    return at;
  };
  const git = (cwd: string, ...args: readonly string[]): string => {
    const ran = Bun.spawnSync(["git", ...args], { cwd, env: env(realPath) });
    if (ran.exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr.toString()}`);
    return ran.stdout.toString();
  };
  const openProgram = (path = realPath) => openGitProgram({ env: env(path), clock: systemClock });
  const open = (path = realPath) =>
    openGitRemotes({
      git: openProgram(path),
      files: filesFor([home]),
      folders: { home, xdg: undefined },
      clock: systemClock,
    });
  return {
    folder,
    home,
    git,
    write,
    repository(name, config = "") {
      const root = join(folder, name);
      mkdirSync(root, { recursive: true });
      git(root, "init", "--quiet", "--initial-branch=main");
      const path = join(root, ".git/config");
      writeFileSync(path, `[core]\n\trepositoryformatversion = 0\n${config}`);
      const gitFolder = join(root, ".git");
      return { root, gitFolder, commonFolder: gitFolder, branch: "main" };
    },
    program(name, script) {
      const at = write(`bin-${name}-${Bun.hash(script)}/${name}`, `#!/bin/sh\n${script}\n`);
      chmodSync(at, 0o755);
      return dirname(at);
    },
    ask: (question, path) => open(path).of(question),
    open,
    openProgram,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The first path of each claim, "?" where it is not certain; or why nothing is known. */
export function paths(known: KnownRemotes): string {
  if (known.kind === "unknown") return `unknown: ${known.reason}`;
  return known.remotes.map((each) => each.paths?.[0] ?? "?").join(" ");
}

export const remote = (name: string, url: string): string => `[remote "${name}"]\n\turl = ${url}\n`;
