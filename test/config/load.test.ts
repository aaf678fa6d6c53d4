import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { configName } from "../../src/config/file.ts";
import { loadConfig } from "../../src/config/load.ts";
import { defaultConfig } from "../../src/config/schema.ts";

const scratch = join(import.meta.dir, "../../.scratch");
let home: string;

beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  home = mkdtempSync(join(scratch, "config-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function load(name: string, text: string) {
  await Bun.write(join(home, name, configName), text);
  return loadConfig(join(home, name));
}

test("no file means the defaults, without a word", () => {
  expect(loadConfig(join(home, "none"))).toEqual({
    config: defaultConfig,
    problems: [],
    source: "absent",
  });
});

test("comments and a trailing comma are fine", async () => {
  const read = await load("comments", '{ // mine\n "discord_client_id": "123456789012345678", }\n');
  expect(read.config.discord_client_id).toBe("123456789012345678");
  expect(read.source).toBe("file");
});

test("a broken file means the defaults, and says which line", async () => {
  const read = await load("broken", '{\n "discord_client_id":\n}\n');
  expect(read.config).toEqual(defaultConfig);
  expect(read.source).toBe("unreadable");
  expect(read.problems[0]).toContain("line 3");
});

test.each<[string, (path: string) => void, string]>([
  ["a folder", (path) => void mkdirSync(path, { recursive: true }), "regular file"],
  ["an endless device", (path) => symlinkSync("/dev/zero", path), "regular file"],
])("%s in its place is not read", (name, make, problem) => {
  const folder = join(home, name);
  mkdirSync(folder);
  make(join(folder, configName));
  const read = loadConfig(folder);
  expect(read.source).toBe("unreadable");
  expect(read.problems[0]).toContain(problem);
});

test("a huge file is not read", async () => {
  const read = await load("huge", `{${" ".repeat(1024 * 1024)}}`);
  expect(read.problems[0]).toContain("larger than 1 MB");
});
