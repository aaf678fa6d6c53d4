import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const module = resolve(import.meta.dir, "../../src/demo/home.ts");
const scratch = resolve(import.meta.dir, "../../.scratch");

test.each<[string, number, boolean]>([
  ["shared as /tmp is", 0o1777, true],
  ["in which others could put another folder in its place", 0o777, false],
])("a temp folder %s: %o", (_, mode, isUsed) => {
  mkdirSync(scratch, { recursive: true });
  const root = mkdtempSync(join(scratch, "t-"));
  const temp = join(root, "t");
  mkdirSync(temp);
  chmodSync(temp, mode);
  const code = `import { openDemoHome } from ${JSON.stringify(module)};
    using home = openDemoHome("project", "win32");
    console.log("used");`;
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "-e", code], {
    env: { ...process.env, TMPDIR: temp },
  });
  expect(stdout.toString()).toBe(isUsed ? "used\n" : "");
  if (!isUsed) expect(stderr.toString()).toContain("can be written by other users");
  expect(readdirSync(temp)).toEqual([]);
  rmSync(root, { recursive: true });
});
