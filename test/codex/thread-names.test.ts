import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDiskOnce } from "../../src/cli/disk-once.ts";
import { openThreadNames, type ThreadNames } from "../../src/codex/thread-names.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openFiles, type Files } from "../../src/tail/files.ts";
import { waitFor } from "../support/wait-for.ts";
import { SimulatedHome } from "./simulated-codex.ts";

let home: SimulatedHome;
let files: Files;
let names: ThreadNames;
let changes: number;
beforeEach(() => {
  home = new SimulatedHome();
  files = openFiles(systemClock, silentLog);
  changes = 0;
  names = openThreadNames(files, home.path, () => (changes += 1));
});
afterEach(() => {
  names[Symbol.dispose]();
  files[Symbol.dispose]();
  home[Symbol.dispose]();
});

const index = (): string => join(home.path, "session_index.jsonl");
const entry = (id: string, name: unknown) =>
  `${JSON.stringify({ id, thread_name: name, updated_at: "2026-11-22T12:53:21.668527901Z" })}\n`;

test("the newest name of a thread, from a file that comes later", async () => {
  await names.look();
  expect(names.of("a")).toBeUndefined();
  writeFileSync(index(), entry("a", "A short title") + entry("b", "Another"));
  await waitFor("a name", () => names.of("a") !== undefined);
  appendFileSync(index(), entry("a", "  Fix the login "));
  await names.look();
  expect([names.of("a"), names.of("b")]).toEqual(["Fix the login", "Another"]);
  expect(changes).toBe(3);
});

test.each<[string, string]>([
  ["no JSON", "{ no\n"],
  ["half a line", `{"id":"a","thread_na`],
  ["no name", '{"id":"a"}\n'],
  ["a name that is no text", entry("a", { x: 1 })],
  ["a name of blanks", entry("a", "   ")],
  ["no thread", '{"thread_name":"x"}\n'],
  ["bytes", "\u0000\u00ff\n"],
])("%s names nothing and harms nothing", async (_, text) => {
  writeFileSync(index(), entry("b", "Another") + text);
  await names.look();
  expect([names.of("a"), names.of("b")]).toEqual([undefined, "Another"]);
});

test("a name without end is cut, and a folder in the file's place is no file", async () => {
  writeFileSync(index(), entry("a", "x".repeat(5000)));
  await names.look();
  expect(names.of("a")).toHaveLength(256);
  rmSync(index());
  mkdirSync(index());
  const others = openThreadNames(openDiskOnce(), home.path, () => undefined);
  await others.look();
  expect(others.of("a")).toBeUndefined();
});

test("of a file that was replaced nothing old is believed", async () => {
  writeFileSync(index(), entry("a", "Old"));
  await names.look();
  rmSync(index());
  writeFileSync(index(), entry("b", "New"));
  await names.look();
  expect([names.of("a"), names.of("b")]).toEqual([undefined, "New"]);
});

test("of a large file its end", async () => {
  const filler = entry("filler", "y".repeat(200)).repeat(8000);
  writeFileSync(index(), `${entry("old", "Old")}${filler}${entry("new", "New")}`);
  await names.look();
  expect([names.of("old"), names.of("new")]).toEqual([undefined, "New"]);
});
