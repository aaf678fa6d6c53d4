import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { followRule, lookAtFile, openFolders } from "../../src/cli/surroundings.ts";
import { readCaps, repositoryFileName } from "../../src/presence/repository-file.ts";

const folders = openFolders();
let folder = "";
beforeAll(() => {
  const scratch = resolve(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "surroundings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A `.codex-presence.json` made by `make`, and what it comes to. */
async function capOf(name: string, make: (path: string) => void): Promise<string | undefined> {
  const at = join(folder, name);
  mkdirSync(at);
  const path = join(at, repositoryFileName);
  make(path);
  const look = await lookAtFile(path, true, folders);
  return readCaps([at], [at], () => look)?.level;
}

test.each<[string, (path: string) => void, string | undefined]>([
  ["nothing", () => undefined, undefined],
  ["a level", (path) => writeFileSync(path, '{"level":"project"}'), "project"],
  ["a link to nothing", (path) => symlinkSync("/nowhere", path), "hidden"],
  ["a link to itself", (path) => symlinkSync(path, path), "hidden"],
  ["a folder", (path) => mkdirSync(path), "hidden"],
  ["a named pipe", (path) => void Bun.spawnSync(["mkfifo", path]), "hidden"],
  ["a link to /dev/zero", (path) => symlinkSync("/dev/zero", path), "hidden"],
  ["a link to /dev/null", (path) => symlinkSync("/dev/null", path), "hidden"],
  ["10 MB", (path) => writeFileSync(path, Buffer.alloc(10_000_000, 0x20)), "hidden"],
  ["64 KB and one", (path) => writeFileSync(path, `{}${" ".repeat(65_535)}`), "hidden"],
  ["a file of the system without a size", (path) => symlinkSync("/proc/self/maps", path), "hidden"],
  ["no text", (path) => writeFileSync(path, Buffer.alloc(100, 0xff)), "hidden"],
  ["nested", (path) => writeFileSync(path, '{"level":'.repeat(7000)), "hidden"],
  ["a prototype", (path) => writeFileSync(path, '{"__proto__":{"level":"full"}}'), "hidden"],
])("a stranger's file that is %s", async (name, make, level) => {
  expect(await capOf(name.replaceAll("/", "-"), make)).toBe(level as string);
});

test("links are followed as far as a path exists", async () => {
  mkdirSync(join(folder, "data"));
  symlinkSync(join(folder, "data"), join(folder, "work"));
  const followed = async (path: string) => {
    const found = await followRule(path, folders);
    return found.kind === "known" ? found.value : found;
  };
  const [work, data] = ["work", "data"].map((name) => join(folder, name));
  expect(await followed(work!)).toEqual({ path: data!, isWhole: true });
  expect(await followed(`${work}/new/deep`)).toEqual({ path: `${data}/new/deep`, isWhole: false });
  expect(await followed("/nowhere/at/all")).toEqual({ path: "/nowhere/at/all", isWhole: false });
  symlinkSync("round", join(folder, "round"));
  expect(await followed(join(folder, "round"))).toMatchObject({ kind: "unknown" });
});
