import { afterAll, beforeAll, expect, test } from "bun:test";
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { configName } from "../../src/config/file.ts";
import { loadConfig, pending } from "../../src/config/load.ts";
import { openConfigReader } from "../../src/config/reader.ts";
import { defaultConfig } from "../../src/config/schema.ts";

const scratch = join(import.meta.dir, "../../.scratch");
let home: string;

beforeAll(async () => {
  mkdirSync(scratch, { recursive: true });
  home = mkdtempSync(join(scratch, "config-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function load(name: string, text: string) {
  await Bun.write(join(home, name, configName), text);
  return await loadConfig(join(home, name));
}

test("a config that has not been read yet hides", () => {
  expect(pending.config).toEqual({
    ...defaultConfig,
    privacy: { ...defaultConfig.privacy, level: "hidden" },
  });
});

test("no file means the defaults, without a word", async () => {
  expect(await loadConfig(join(home, "none"))).toEqual({
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
  ["a link that leads nowhere", (path) => symlinkSync("nowhere", path), "leads nowhere"],
  ["a circle of links", (path) => symlinkSync(path, path), "ELOOP"],
])("%s in its place is not read, and there is no card", async (name, make, problem) => {
  const folder = join(home, name);
  mkdirSync(folder);
  make(join(folder, configName));
  const read = await loadConfig(folder);
  expect(read.source).toBe("unreadable");
  expect(read.problems[0]).toContain(problem);
  expect(read.problems[0]).toEndWith("; no card is shown until it can be read");
  expect(read.config.privacy.level).toBe("hidden");
});

test("a huge file is not read", async () => {
  const read = await load("huge", `{${" ".repeat(1024 * 1024)}}`);
  expect(read.problems[0]).toContain("larger than 1 MB");
  expect(read.config.privacy.level).toBe("hidden");
});

test("a config behind links is read by a process of its own", async () => {
  const folder = join(home, "linked");
  mkdirSync(folder);
  await Bun.write(join(home, "dotfiles", "real.json"), '{ "privacy": { "level": "full" } }');
  symlinkSync("../dotfiles/real.json", join(folder, configName));
  const read = await loadConfig(folder);
  expect(read).toMatchObject({ source: "file", config: { privacy: { level: "full" } } });
});

test("another user's config is not read, and there is no card", async () => {
  await load("foreign", '{ "privacy": { "level": "full" } }');
  const path = join(home, "foreign", configName);
  const ours = process.getuid?.() ?? 0;
  // Root's own files are trusted, so it is given away where that can be done.
  if (ours === 0) chownSync(path, 65_534, 65_534);
  const as = ours === 0 ? 0 : ours + 1;
  const read = await loadConfig(join(home, "foreign"), (at) => openConfigReader(at, undefined, as));
  expect(read).toMatchObject({ source: "unreadable", config: { privacy: { level: "hidden" } } });
  expect(read.problems[0]).toContain("belongs to another user");
});

test("a helper that fails: no card", async () => {
  const folder = join(home, "failing");
  mkdirSync(folder);
  symlinkSync("x", join(folder, configName));
  const failed = { answer: Promise.resolve(undefined), [Symbol.dispose]: () => undefined };
  const read = await loadConfig(folder, (at) => openConfigReader(at, () => failed));
  expect(read.config.privacy.level).toBe("hidden");
  expect(read.problems[0]).toContain("the process that follows its link failed");
});

test("a look says whether the file is still the one it was, links or none", async () => {
  await load("same", "{}");
  const folder = join(home, "same-link");
  mkdirSync(folder);
  symlinkSync(join(home, "same", configName), join(folder, configName));
  for (const path of [join(home, "same", configName), join(folder, configName)]) {
    using reader = openConfigReader(path);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const first = await reader.read();
    expect(first.kind).toBe("bytes");
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await reader.read(first.print)).toMatchObject({ kind: "same", print: first.print });
  }
});

test("a disk that does not answer is waited for a second; what asked is ended", async () => {
  let ended = 0;
  const read = await loadConfig("/invented", () => ({
    read: () => new Promise(() => undefined),
    [Symbol.dispose]: () => void (ended += 1),
  }));
  expect(read).toMatchObject({ source: "unreadable", isSilent: true });
  expect(read.config.privacy.level).toBe("hidden");
  expect(read.problems[0]).toEndWith("goes by that, any other shows no card");
  expect(ended).toBe(1);
});
