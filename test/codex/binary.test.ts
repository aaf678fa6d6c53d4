import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { findCodex } from "../../src/codex/binary.ts";
import { UserError } from "../../src/lib/errors.ts";

const scratch = join(import.meta.dir, "../../.scratch");
let root: string;
let self: string;

beforeAll(async () => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "binary-"));
  self = join(root, "bin", "cdp");
  await program("bin/cdp", `#!/bin/sh\n# ${"x".repeat(100)}\n`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function program(path: string, text = "#!/bin/sh\n", mode = 0o755): Promise<string> {
  const full = join(root, path);
  await Bun.write(full, text);
  chmodSync(full, mode);
  return full;
}

const find = (env: Record<string, string>, cwd = root) =>
  findCodex({ env, cwd, self, platform: "linux" });

function failure(env: Record<string, string>): UserError {
  try {
    find(env);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error("did not fail as a user's mistake");
}

test("the first codex on PATH", async () => {
  const codex = await program("one/codex");
  await program("two/codex");
  expect(find({ PATH: `${root}/none:${root}/one:${root}/two` })).toBe(codex);
});

test("relative and empty PATH entries run nothing from the current folder", async () => {
  await program("codex");
  expect(failure({ PATH: `:.:one/..:` }).status).toBe(127);
});

test("a file that cannot be run, and a folder of that name, are passed over", async () => {
  await program("plain/codex", "", 0o644);
  mkdirSync(join(root, "folder/codex"), { recursive: true });
  const codex = await program("good/codex");
  expect(find({ PATH: `${root}/plain:${root}/folder:${root}/good` })).toBe(codex);
});

test.each(["link", "hard link", "copy", "script", "script by path"])(
  "cdp as codex, by a %s, is passed over",
  async (how) => {
    const folder = `shim ${how}`;
    const path = join(root, folder, "codex");
    mkdirSync(join(root, folder), { recursive: true });
    if (how === "link") symlinkSync(self, path);
    if (how === "hard link") linkSync(self, path);
    if (how === "copy") copyFileSync(self, path);
    if (how === "script") await program(`${folder}/codex`, '#!/bin/sh\nexec cdp codex "$@"\n');
    if (how === "script by path")
      await program(`${folder}/codex`, `#!/bin/sh\n'${self}' codex "$@"\n`);
    const real = await program(
      "real/codex",
      "#!/usr/bin/env node\n// speaks cdp, the DevTools protocol\n",
    );
    expect(find({ PATH: `${root}/${folder}:${root}/real` })).toBe(real);
    expect(failure({ PATH: `${root}/${folder}` }).status).toBe(127);
  },
);

test("nothing found says how to install it", () => {
  const error = failure({ PATH: "/nonexistent" });
  expect(error.status).toBe(127);
  expect(error.message).toContain("npm install -g @openai/codex");
});

test("CDP_CODEX_BIN: a path, a relative path, a name", async () => {
  const other = await program("own/my-codex");
  expect(find({ CDP_CODEX_BIN: other })).toBe(other);
  expect(find({ CDP_CODEX_BIN: "own/my-codex" })).toBe(other);
  expect(find({ CDP_CODEX_BIN: "my-codex", PATH: `${root}/own` })).toBe(other);
});

test.each<[string, string, number]>([
  ["a path that is not there", "/nonexistent/codex", 127],
  ["a name that is not there", "nonexistent-codex", 127],
  ["a file that cannot be run", "own/plain", 126],
  ["cdp itself", "bin/cdp", 126],
])("CDP_CODEX_BIN names %s", async (_, name, status) => {
  await program("own/plain", "", 0o644);
  expect(failure({ CDP_CODEX_BIN: name, PATH: root }).status).toBe(status);
});
