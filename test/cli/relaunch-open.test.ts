import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { openInTerminal, sayOpened } from "../../src/cli/relaunch-open.ts";
import { waitFor } from "../support/wait-for.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
let root = "";
let env: Record<string, string> = {};
let self = "";

beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "relaunch-"));
  mkdirSync(join(root, "bin"));
  // Nothing else of this machine is found: it may have a terminal program.
  for (const name of ["env", "sleep"]) symlinkSync(Bun.which(name)!, join(root, "bin", name));
  env = { HOME: root, PATH: join(root, "bin") };
  self = program(
    "opened-program",
    `echo up >> "${root}/ups"`,
    `printf opened > "${root}/.cache/codex-discord-presence/relaunch-$CDP_RELAUNCHED"`,
  );
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(name: string, ...lines: readonly string[]): string {
  const path = join(root, "bin", name);
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  return path;
}

const ups = () => readFileSync(join(root, "ups"), "utf8");
const open = (patienceMs = 5000) => openInTerminal({ env, self, patienceMs });
const left = () => readdirSync(join(root, ".cache/codex-discord-presence"));

test("the first terminal program that works opens it, once", async () => {
  program("x-terminal-emulator", "shift", 'exec "$@"');
  program("foot", 'exec "$@"');
  expect(await open()).toBe(true);
  expect(ups()).toBe("up\n");
  expect(left()).toEqual([]);
});

test("after one that fails the next is tried at once", async () => {
  program("xdg-terminal-exec", "exit 3");
  program("foot", 'exec "$@"');
  expect(await open()).toBe(true);
});

test("one that returns at once and opens later is waited for", async () => {
  program("kitty", '(sleep 0.2; "$@") &');
  expect(await open()).toBe(true);
});

test("one that hangs is ended, and the next tried", async () => {
  program("xdg-terminal-exec", `echo $$ > "${root}/pid"`, "exec sleep 600");
  program("foot", 'exec "$@"');
  expect(await open(400)).toBe(true);
  const pid = Number(readFileSync(join(root, "pid"), "utf8"));
  await waitFor("the end of the terminal that hangs", () => isGone(pid));
});

test("$TERMINAL comes before all others", async () => {
  env["TERMINAL"] = program("mine", "shift", `echo mine > "${root}/which"`, 'exec "$@"');
  program("xdg-terminal-exec", `echo other > "${root}/which"`, 'exec "$@"');
  expect(await open()).toBe(true);
  expect(readFileSync(join(root, "which"), "utf8")).toBe("mine\n");
});

test("where nothing can be opened it says so and leaves nothing", async () => {
  expect(await open()).toBe(false);
  expect(left()).toEqual([]);
});

test("a token that names something else touches nothing", () => {
  for (const token of ["../../x", "", "0123456789abcdef"]) {
    sayOpened({ ...env, CDP_RELAUNCHED: token });
  }
  expect(readdirSync(root).toSorted()).toEqual(["bin"]);
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
