import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BenchTerminal, openBenchTerminal } from "./terminal.ts";

/** The ways a child is run: on the terminal itself, within tmux, beneath `cdp`. */
export type Subject = "bare" | "tmux" | "cdp";

/** A folder for children, homes and sockets of one benchmark. */
export interface Bench extends Disposable {
  readonly root: string;
  /** `CODEX_HOME` of children that are no Codex. */
  readonly home: string;
  /** A shell script as the child; returns its path. */
  script(name: string, lines: readonly string[]): string;
  open(subject: Subject, child: string): BenchTerminal;
  /** What `cdp` has logged so far. Throws when it says that the pane is gone: half of the work. */
  log(): string;
}

export const tmuxPath = Bun.which("tmux") ?? undefined;

/** The subjects that can be measured here. Where tmux is missing, `goals.ts` says so. */
export const subjects: readonly Subject[] =
  tmuxPath === undefined ? ["bare", "cdp"] : ["bare", "tmux", "cdp"];

const tmuxConfig = [
  "set -g status off",
  "set -g escape-time 0",
  'set -g default-terminal "xterm-256color"',
];

export function openBench(cdp: readonly string[]): Bench {
  const scratch = resolve(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  const root = mkdtempSync(join(scratch, "bench-"));
  const home = join(root, "codex");
  const run = join(root, "run");
  for (const folder of [home, run]) mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(root, "tmux.conf"), tmuxConfig.join("\n"));
  const env = {
    HOME: root,
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    CODEX_HOME: home,
    XDG_RUNTIME_DIR: run,
    TMPDIR: run,
    TMUX_TMPDIR: run,
    CDP_LOG: join(root, "cdp.log"),
  };
  const tmux = (...args: readonly string[]): string[] => [
    tmuxPath ?? "tmux",
    "-u",
    "-f",
    join(root, "tmux.conf"),
    ...args,
  ];
  return {
    root,
    home,
    script(name, lines) {
      const path = join(root, name);
      writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
      return path;
    },
    open(subject, child) {
      const commands = { bare: [child], tmux: tmux("new-session", child), cdp: [...cdp, "codex"] };
      return openBenchTerminal({
        command: commands[subject],
        env: { ...env, CDP_CODEX_BIN: child },
        cwd: root,
      });
    },
    log() {
      const log = existsSync(env.CDP_LOG) ? readFileSync(env.CDP_LOG, "utf8") : "";
      const lost = /^.*pane turned off.*$/m.exec(log);
      if (lost !== null) throw new Error(`not measured: ${lost[0]}`);
      return log;
    },
    [Symbol.dispose]() {
      if (tmuxPath !== undefined) Bun.spawnSync(tmux("kill-server"), { env, stderr: "ignore" });
      rmSync(root, { recursive: true, force: true });
    },
  };
}
