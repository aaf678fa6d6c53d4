import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Opening, Size } from "./real-terminal.ts";

const repository = resolve(import.meta.dir, "../../..");

/** The compiled program. */
export const cdp = process.env["CDP_UNDER_TEST"] ?? join(repository, "dist/cdp");

/** Rows that `cdp` keeps for itself. */
export const PANE_ROWS = 2;

/** A folder of a script's own, with a command `go` in two guises. */
export interface Stage extends Disposable {
  readonly folder: string;
  /** A complete environment; in it `go` runs the program as it is, or beneath `cdp codex`. */
  env(guise: Guise): Record<string, string>;
}

export type Guise = "bare" | "cdp";

/**
 * @param program what `go` runs: a line of shell, `"$@"` for the arguments. It has to end in the
 *   program itself (`exec`).
 */
export function openStage(
  program: string,
  variables: Readonly<Record<string, string>> = {},
): Stage {
  if (!existsSync(cdp)) throw new Error(`${cdp} is missing: npm test builds it`);
  mkdirSync(join(repository, ".scratch"), { recursive: true });
  const folder = mkdtempSync(join(repository, ".scratch/real-"));
  for (const name of ["bare", "cdp", "home", "codex", "run"]) mkdirSync(join(folder, name));
  const child = join(folder, "program");
  script(child, program);
  script(join(folder, "bare/go"), `exec "${child}" "$@"`);
  script(join(folder, "cdp/go"), `exec "${cdp}" codex "$@"`);
  return {
    folder,
    env: (guise) => ({
      HOME: join(folder, "home"),
      CODEX_HOME: join(folder, "codex"),
      XDG_RUNTIME_DIR: join(folder, "run"),
      LANG: "C.UTF-8",
      SHELL: "/bin/bash",
      PS1: "$ ",
      HISTFILE: "",
      CDP_LOG: join(folder, "cdp.log"),
      ...variables,
      CDP_CODEX_BIN: child,
      PATH: `${join(folder, guise)}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The terminal for `cdp` is the taller one: what runs in it shall have the same size as bare. */
export function sizeFor(guise: Guise, { rows, cols }: Size): Size {
  return { rows: guise === "cdp" ? rows + PANE_ROWS : rows, cols };
}

/** `go` on an empty screen; its status is shown when it has ended. */
export function goAlone(stage: Stage, guise: Guise, size: Size): Opening {
  const command = ["sh", "-c", 'go; printf "[status %s]" $?; exec sleep 1000'];
  return { size: sizeFor(guise, size), command, env: stage.env(guise), cwd: stage.folder };
}

/** A shell in which somebody types `go`. */
export function shell(stage: Stage, guise: Guise, size: Size): Opening {
  const command = ["bash", "--norc", "--noprofile", "-i"];
  return { size: sizeFor(guise, size), command, env: stage.env(guise), cwd: stage.folder };
}

function script(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}
