import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { messageOf } from "../../src/lib/errors.ts";
import { followLinks, openFollowed, openFollowedLater } from "../../src/lib/followed-file.ts";
import type { FileUser } from "../../src/lib/ownership.ts";
import { openPrivate } from "../../src/lib/private-file.ts";
import { guestUser, otherUser } from "../support/file-users.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
let root = "";
let path = "";
beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "followed-file-"));
  path = join(root, "file");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(() => "no failure", messageOf);

function opened(of: string, user?: FileUser): Promise<void> {
  return Promise.resolve().then(() => closeSync(openPrivate(of, constants.O_RDWR, user)));
}

/** Both readers, by one name. */
const readers = {
  sync(of: string, user?: FileUser): Promise<string | undefined> {
    return Promise.resolve().then(() => {
      const fd = openFollowed(of, user);
      if (fd === undefined) return undefined;
      expect(fstatSync(fd).isFile()).toBe(true);
      const text = readFileSync(fd, "utf8");
      closeSync(fd);
      return text;
    });
  },
  async later(of: string, user?: FileUser): Promise<string | undefined> {
    await using file = await openFollowedLater(of, user);
    return await file?.readFile("utf8");
  },
};

test.each(Object.entries(readers))(
  "to read (%s): links of the user's own are followed",
  async (_, read) => {
    mkdirSync(join(root, "dotfiles"));
    writeFileSync(join(root, "dotfiles/real"), "text");
    symlinkSync("dotfiles/real", join(root, "second"));
    symlinkSync(join(root, "second"), path);
    expect(await read(path)).toBe("text");
    expect(await read(join(root, "none"))).toBeUndefined();
    symlinkSync("none", join(root, "nowhere"));
    expect(await read(join(root, "nowhere"))).toBeUndefined();
    // A file of root's is as good (a store of packages).
    expect(await read(path, guestUser)).toBe("text");
  },
);

test.each(Object.entries(readers))(
  "to read (%s): what others can change is refused",
  async (_, read) => {
    const real = join(root, "dotfiles/real");
    mkdirSync(join(root, "dotfiles"));
    writeFileSync(real, "text");
    symlinkSync("dotfiles/real", path);
    chmodSync(join(root, "dotfiles"), 0o777);
    expect(await failure(read(path))).toContain("can be written by other users");
    chmodSync(join(root, "dotfiles"), 0o755);
    chmodSync(real, 0o646);
    expect(await failure(read(path))).toContain(`${path} can be written by other users`);
    chmodSync(real, 0o644);
    expect(await failure(read(path, otherUser))).toContain("belongs to another user");
    rmSync(path);
    mkdirSync(path);
    expect(await failure(read(path))).toContain(`${path} is not a regular file`);
    const shared = join(root, "shared");
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    linkSync(real, join(shared, "second-name"));
    expect(await failure(read(join(shared, "second-name")))).toContain("has 2 names");
    rmSync(real);
    expect(await read(join(shared, "second-name"))).toBe("text");
  },
);

/** Another user, on whose own mount all is until the nth question about that. */
function losing(nth: number): FileUser & { readonly asked: () => number } {
  let asked = 0;
  return {
    ...otherUser,
    mountOwner: () => (++asked < nth ? otherUser.uid : -1),
    asked: () => asked,
  };
}

/** How often is asked before the file itself is judged. */
function questionsOnTheWay(): number {
  const user = losing(Infinity);
  followLinks(path, user);
  return user.asked();
}

test.each(
  Object.entries({
    ...readers,
    own: opened,
  }),
)("the file itself must be the user's, before and after it is opened (%s)", async (_, use) => {
  writeFileSync(path, "text", { mode: 0o600 });
  const before = questionsOnTheWay();
  await use(path, losing(before + 3));
  expect(await failure(use(path, losing(before + 1)))).toContain("belongs to another user");
  expect(await failure(use(path, losing(before + 2)))).toContain("belongs to another user");
});
