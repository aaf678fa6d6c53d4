import { afterAll, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { join, resolve } from "node:path";
import { openLog } from "../../src/lib/log.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
fs.mkdirSync(scratch, { recursive: true });
const root = fs.mkdtempSync(join(scratch, "log-"));
afterAll(() => fs.rmSync(root, { recursive: true }));

/** What a log at that path leaves on the disk, and on standard error, in a process of its own. */
function logged(path: string, message: string): string {
  const module = resolve(import.meta.dir, "../../src/lib/log.ts");
  const code = `import { openLog } from ${JSON.stringify(module)};
    using log = openLog(process.env.LOG);
    log.debug("test", process.env.MESSAGE);`;
  const env = { ...process.env, LOG: path, MESSAGE: message };
  return Bun.spawnSync([process.execPath, "-e", code], { env }).stderr.toString();
}

test("a line holds nothing that a terminal would obey, whatever the message holds", () => {
  const path = join(root, "log");
  expect(logged(path, "a\u001b]0;t\u0007b\u009b1m\u202e\nforged line")).toBe("");
  const text = fs.readFileSync(path, "utf8");
  expect(text).toEndWith(" test: a\\u001b]0;t\\u0007b\\u009b1m\\u202e\\u000aforged line\n");
  expect(text.split("\n")).toHaveLength(2);
  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
});

test.each<[string, (path: string, target: string) => void, string]>([
  ["a link", (path, target) => fs.symlinkSync(target, path), "is a link"],
  ["another name of a file", (path, target) => fs.linkSync(target, path), "has 2 names"],
  ["a folder", (path) => fs.mkdirSync(path), "is not a regular file"],
])("%s is refused with one line, and its target stays as it is", (kind, make, why) => {
  const [path, target] = [join(root, kind), join(root, `${kind} target`)];
  fs.writeFileSync(target, "");
  make(path, target);
  const errors = logged(path, "hello");
  expect(errors).toStartWith(`cdp: nothing is logged, as CDP_LOG is not used: ${path} ${why}`);
  expect(errors.split("\n")).toHaveLength(2);
  expect(fs.readFileSync(target, "utf8")).toBe("");
});

test("without a name nothing is said", () => {
  const write = spyOn(fs, "writeSync");
  for (const path of [undefined, ""]) {
    using log = openLog(path);
    log.debug("test", "hello");
  }
  expect(write).not.toHaveBeenCalled();
  write.mockRestore();
});
