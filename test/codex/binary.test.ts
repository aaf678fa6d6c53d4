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

const find = async (env: Record<string, string>, cwd = root) =>
  (await findCodex({ env, cwd, self, platform: "linux" })).path;

async function failure(env: Record<string, string>): Promise<UserError> {
  try {
    await find(env);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error("did not fail as a user's mistake");
}

test("the first codex on PATH", async () => {
  const codex = await program("one/codex");
  await program("two/codex");
  expect(await find({ PATH: `${root}/none:${root}/one:${root}/two` })).toBe(codex);
});

test("relative and empty PATH entries run nothing from the current folder", async () => {
  await program("codex");
  expect((await failure({ PATH: `:.:one/..:` })).status).toBe(127);
});

test("a file that cannot be run, and a folder of that name, are passed over", async () => {
  await program("plain/codex", "", 0o644);
  mkdirSync(join(root, "folder/codex"), { recursive: true });
  const codex = await program("good/codex");
  expect(await find({ PATH: `${root}/plain:${root}/folder:${root}/good` })).toBe(codex);
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
    expect(await find({ PATH: `${root}/${folder}:${root}/real` })).toBe(real);
    expect((await failure({ PATH: `${root}/${folder}` })).status).toBe(127);
  },
);

test("nothing found says how to install it", async () => {
  const error = await failure({ PATH: "/nonexistent" });
  expect(error.status).toBe(127);
  expect(error.message).toContain("npm install -g @openai/codex");
});

test("CDP_CODEX_BIN: a path, a relative path, a name", async () => {
  const other = await program("own/my-codex");
  expect(await find({ CDP_CODEX_BIN: other })).toBe(other);
  expect(await find({ CDP_CODEX_BIN: "own/my-codex" })).toBe(other);
  expect(await find({ CDP_CODEX_BIN: "my-codex", PATH: `${root}/own` })).toBe(other);
});

test.each<[string, string, number]>([
  ["a path that is not there", "/nonexistent/codex", 127],
  ["a name that is not there", "nonexistent-codex", 127],
  ["a file that cannot be run", "own/plain", 126],
  ["cdp itself", "bin/cdp", 126],
])("CDP_CODEX_BIN names %s", async (_, name, status) => {
  await program("own/plain", "", 0o644);
  expect((await failure({ CDP_CODEX_BIN: name, PATH: root })).status).toBe(status);
});

/** Disks that may hang; `silent` ones never answer, the others do so by `said`. */
function farDisks(said: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  let ended = 0;
  const ask = ([, , path = ""]: readonly string[]) => {
    asked.push(path);
    const word = said[path];
    const answer = new Promise<Uint8Array>((resolve) => {
      if (word !== undefined) resolve(new TextEncoder().encode(word));
    });
    return { answer, [Symbol.dispose]: () => void (ended += 1) };
  };
  return { ask, isLocal: (path: string) => !path.startsWith("/far"), asked, ended: () => ended };
}

const findFar = (env: Record<string, string>, { ask, isLocal }: ReturnType<typeof farDisks>) =>
  findCodex({ env, cwd: root, self, platform: "linux", ask, isLocal });

test("a disk that does not answer is passed over within a second; all are asked at once", async () => {
  const codex = await program("after/codex");
  const disks = farDisks({ "/far-b/codex": "notRunnable", "/far-c/codex": "program" });
  const PATH = `/far-a:/far-b:${root}/none:/far-c:${root}/after`;
  expect(await findFar({ PATH }, disks)).toEqual({ path: "/far-c/codex", isScript: false });
  expect(disks.asked).toEqual(["/far-a/codex", "/far-b/codex", "/far-c/codex"]);
  expect(disks.ended()).toBe(3);
  expect(await findFar({ PATH: `/far-a:${root}/after` }, disks)).toEqual({
    path: codex,
    isScript: true,
  });
});

test("far disks behind a program that is found are not asked", async () => {
  const codex = await program("first/codex");
  const disks = farDisks({});
  expect((await findFar({ PATH: `${root}/first:/far` }, disks)).path).toBe(codex);
  expect(disks.asked).toEqual([]);
});

test("CDP_CODEX_BIN on a disk that does not answer says so", async () => {
  const found = findFar({ CDP_CODEX_BIN: "/far/codex" }, farDisks({}));
  expect(found).rejects.toThrow("whose disk does not answer");
});
