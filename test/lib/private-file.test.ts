import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import type { FileUser } from "../../src/lib/ownership.ts";
import {
  createPrivate,
  folderAt,
  folderProblem,
  makePrivateFolder,
  openPrivate,
} from "../../src/lib/private-file.ts";
import { guestUser, otherUser } from "../support/file-users.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
const { O_RDWR, O_RDONLY, O_WRONLY, O_CREAT, O_APPEND } = constants;

let root = "";
let path = "";
beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "private-file-"));
  path = join(root, "file");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function appended(to: string, user?: FileUser): string {
  const fd = openPrivate(to, O_WRONLY | O_APPEND | O_CREAT, user);
  try {
    writeSync(fd, "ours");
    return readFileSync(to, "utf8");
  } finally {
    closeSync(fd);
  }
}

const modeOf = (of: string) => statSync(of).mode & 0o777;

test("a file is made with mode 0600, and used again", () => {
  expect([appended(path), appended(path)]).toEqual(["ours", "oursours"]);
  expect(modeOf(path)).toBe(0o600);
});

test("its folder may be reached by links of the user's own", () => {
  mkdirSync(join(root, "real"));
  symlinkSync("real", join(root, "by-link"));
  expect(appended(join(root, "by-link/file"))).toBe("ours");
});

test.each<[string, (path: string, target: string) => void, string]>([
  ["a link to a file", (at, target) => symlinkSync(target, at), "is a link"],
  ["a link to nothing", (at) => symlinkSync("nothing", at), "is a link"],
  ["a file with a second name", (at, target) => linkSync(target, at), "has 2 names"],
  ["a folder", (at) => mkdirSync(at), "is not a regular file"],
  ["a pipe", (at) => void Bun.spawnSync(["mkfifo", at]), "is not a regular file"],
])("%s in its place is refused, and nothing behind it changes", (_, make, why) => {
  const target = join(root, "target");
  writeFileSync(target, "theirs");
  make(path, target);
  for (const flags of [O_RDONLY, O_RDWR, O_WRONLY | O_APPEND | O_CREAT]) {
    expect(() => openPrivate(path, flags)).toThrow(`${path} ${why}`);
  }
  expect(readFileSync(target, "utf8")).toBe("theirs");
  expect(readdirSync(root)).not.toContain("nothing");
});

test("a socket in its place is named for what it is, not by the system's error", async () => {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(path, done));
  expect(() => openPrivate(path, O_RDWR)).toThrow(`${path} is not a regular file`);
  server.close();
});

test("a file of another user is refused, whether root could open it or not", () => {
  writeFileSync(path, "theirs", { mode: 0o666 });
  chmodSync(path, 0o666);
  expect(() => appended(path, guestUser)).toThrow(`${path} belongs to another user`);
  expect(readFileSync(path, "utf8")).toBe("theirs");
  expect(modeOf(path)).toBe(0o666);
});

test("a folder of another user on the way is refused, and nothing is made in it", () => {
  expect(() => appended(path, otherUser)).toThrow(/^the folder \S+ belongs to another user$/);
  expect(() => createPrivate(path, "x", { user: otherUser })).toThrow("belongs to another user");
  expect(() => makePrivateFolder(path, otherUser)).toThrow("belongs to another user");
  expect(readdirSync(root)).toEqual([]);
});

test("a folder on the way to which others may write is refused; /tmp-like ones are not", () => {
  const folder = join(root, "open/below");
  mkdirSync(folder, { recursive: true });
  chmodSync(join(root, "open"), 0o757);
  const why = `the folder ${join(root, "open")} can be written by other users`;
  expect(() => appended(join(folder, "file"))).toThrow(why);
  expect(() => createPrivate(join(folder, "file"), "x")).toThrow(why);
  expect(() => makePrivateFolder(join(folder, "new"))).toThrow(why);
  expect(readdirSync(folder)).toEqual([]);
  chmodSync(join(root, "open"), 0o1777);
  expect(appended(join(folder, "file"))).toBe("ours");
  expect(appended(join(root, "open/file"))).toBe("ours");
});

test("one that others may write to is closed to them before it is written, and not read", () => {
  writeFileSync(path, "");
  chmodSync(path, 0o666);
  expect(() => openPrivate(path, O_RDONLY)).toThrow(`${path} can be written by other users`);
  expect(appended(path)).toBe("ours");
  expect(modeOf(path)).toBe(0o644);
});

test("no child inherits it", () => {
  const fd = openPrivate(path, O_RDWR | O_CREAT);
  const flags = readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
  closeSync(fd);
  expect(Number.parseInt(/flags:\s+(\d+)/.exec(flags)![1]!, 8) & 0o2000000).not.toBe(0);
});

/** A user about whom each question is answered after `swap` was called, at the nth one only. */
function meddler(nth: number, swap: () => void): FileUser & { readonly asked: () => number } {
  let asked = 0;
  const ask = (): void => {
    asked += 1;
    if (asked === nth) swap();
  };
  return {
    ...otherUser,
    isRoot: () => {
      ask();
      return true;
    },
    mountOwner: () => {
      ask();
      return otherUser.uid;
    },
    asked: () => asked,
  };
}

test.each<[string, (target: string) => void]>([
  ["a link", (target) => symlinkSync(target, path)],
  ["another name of another file", (target) => linkSync(target, path)],
])("whenever the file is replaced by %s, the target stays as it is", (_, make) => {
  const target = join(root, "target");
  const attempt = (nth: number) => {
    writeFileSync(target, "theirs");
    writeFileSync(`${path}.first`, "");
    renameSync(`${path}.first`, path);
    const user = meddler(nth, () => {
      rmSync(path);
      make(target);
    });
    try {
      appended(path, user);
    } catch {
      // Refused is right.
    }
    rmSync(path, { force: true });
    expect(readFileSync(target, "utf8")).toBe("theirs");
    return user.asked();
  };
  const questions = attempt(0);
  expect(questions).toBeGreaterThan(3);
  for (let nth = 1; nth <= questions; nth += 1) attempt(nth);
});

test("a new file has its mode whatever the umask is, and replaces nothing", () => {
  const before = process.umask(0o777);
  try {
    createPrivate(path, "text", { mode: 0o700, lasting: true });
  } finally {
    process.umask(before);
  }
  expect([modeOf(path), readFileSync(path, "utf8")]).toEqual([0o700, "text"]);
  createPrivate(join(root, "plain"), "text");
  expect(modeOf(join(root, "plain"))).toBe(0o600);
  expect(() => createPrivate(path, "again")).toThrow("EEXIST");
  symlinkSync("nothing", join(root, "link"));
  expect(() => createPrivate(join(root, "link"), "x")).toThrow("is a link");
  expect(existsSync(join(root, "nothing"))).toBe(false);
});

test("a private folder is made, closed to others, and no link or file", () => {
  const folder = join(root, "a/b");
  makePrivateFolder(folder);
  expect([modeOf(join(root, "a")), modeOf(folder)]).toEqual([0o700, 0o700]);
  chmodSync(folder, 0o755);
  makePrivateFolder(folder);
  expect(modeOf(folder)).toBe(0o700);
  mkdirSync(join(root, "elsewhere"), { mode: 0o755 });
  symlinkSync("elsewhere", join(root, "link"));
  expect(() => makePrivateFolder(join(root, "link"))).toThrow(`${join(root, "link")} is a link`);
  expect(modeOf(join(root, "elsewhere"))).toBe(0o755);
  writeFileSync(path, "");
  expect(() => makePrivateFolder(path)).toThrow();
  expect(lstatSync(path).isFile()).toBe(true);
});

test("a private folder of another user is refused and stays as it is", () => {
  const folder = join(root, "theirs");
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  // Its folders are root's; it is not the user's own.
  expect(() => makePrivateFolder(folder, guestUser)).toThrow(
    `the folder ${folder} belongs to another user`,
  );
  expect(modeOf(folder)).toBe(0o755);
});

test("what others can do in a folder, links followed", () => {
  const folder = join(root, "folder");
  mkdirSync(folder);
  symlinkSync("folder", join(root, "link"));
  expect(folderAt(join(root, "link"))).toEqual({
    uid: process.getuid!(),
    isFolder: true,
    risk: undefined,
  });
  expect(folderProblem(folder)).toBeUndefined();
  for (const mode of [0o757, 0o1777]) {
    chmodSync(folder, mode);
    expect(folderProblem(join(root, "link"))).toBe(
      `the folder ${folder} can be written by other users`,
    );
  }
  expect(folderAt(join(root, "none"))).toEqual({ error: "ENOENT" });
  expect(folderProblem(join(root, "none"))).toContain("is not there");
  writeFileSync(path, "");
  expect(folderAt(join(path, "x"))).toEqual({ error: "ENOTDIR" });
  expect(folderProblem(path)).toBe(`${path} is not a folder`);
  expect(folderAt(root, guestUser)).toMatchObject({ uid: process.getuid!() });
  expect(folderAt(join(root, "none"), otherUser)).toMatchObject({ risk: { risk: "foreign" } });
});
