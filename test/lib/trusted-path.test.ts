import { expect, test } from "bun:test";
import type { Entry } from "../../src/lib/ownership.ts";
import { type Place, walk } from "../../src/lib/trusted-path.ts";
import { entryOf, inventedUser } from "../support/file-users.ts";

const link = (target: string, over: Partial<Entry> = {}) => entryOf("link", { target, ...over });

const disk: Readonly<Record<string, Entry>> = {
  "/": entryOf("folder", { uid: 0 }),
  "/home": entryOf("folder", { uid: 0 }),
  "/home/me": entryOf("folder"),
  "/home/me/file": entryOf("file"),
  "/home/me/relative": link("../me/./file"),
  "/home/me/absolute": link("/home/me/file"),
  "/home/me/foreign": link("/mnt/dead/x", { uid: 1001 }),
  "/home/me/circle": link("circle"),
  "/home/me/chain": link("/tmp/mine"),
  "/home/me/nowhere": link("none/there"),
  "/home/me/open": entryOf("folder", { mode: 0o777 }),
  "/home/me/open/file": entryOf("file"),
  "/home/me/rooted": link("/"),
  "/home/other": entryOf("folder", { uid: 1001 }),
  "/tmp": entryOf("folder", { uid: 0, mode: 0o1777 }),
  "/tmp/mine": link("/home/me/file"),
  "/tmp/second-name": link("/home/me/file", { nlink: 2 }),
  "/tmp/theirs": link("/mnt/dead/x", { uid: 1001 }),
  "/tmp/folder": entryOf("folder"),
  "/tmp/folder/file": entryOf("file"),
  "/tmp/file": entryOf("file", { uid: 1001 }),
};

function go(path: string, last: "follow" | "refuse" = "follow") {
  const asked: string[] = [];
  const steps = walk(path, inventedUser, last);
  let step = steps.next();
  while (step.done !== true) {
    asked.push(step.value);
    step = steps.next(disk[step.value]);
  }
  return { asked, place: step.value };
}

test.each<[string, Partial<Extract<Place, { kind: "found" }>>]>([
  ["/home/me/file", { path: "/home/me/file", isShared: false }],
  ["/home/../home//me/./file", { path: "/home/me/file" }],
  ["/../../home/me/file", { path: "/home/me/file" }],
  ["/home/me/relative", { path: "/home/me/file" }],
  ["/home/me/absolute", { path: "/home/me/file" }],
  ["/home/me/chain", { path: "/home/me/file", isShared: false }],
  ["/home/me/", { path: "/home/me" }],
  ["/home/me/file/..", { path: "/home/me" }],
  ["/home/me/rooted", { path: "/" }],
  ["/", { path: "/" }],
  ["/tmp/file", { path: "/tmp/file", isShared: true }],
  ["/tmp/folder/file", { path: "/tmp/folder/file", isShared: false }],
])("%s leads to %j", (path, found) => {
  const { place } = go(path);
  expect(place).toMatchObject(
    path.endsWith("file/..") ? { kind: "absent", code: "ENOTDIR" } : { kind: "found", ...found },
  );
});

test.each<[string, string]>([
  ["/home/me/foreign", "/home/me/foreign is a link of another user"],
  ["/home/me/foreign/below/it", "/home/me/foreign is a link of another user"],
  ["/tmp/theirs", "/tmp/theirs is a link of another user"],
  ["/tmp/second-name", "/tmp/second-name is a link with more than one name"],
  ["/home/me/circle", "/home/me/circle: too many links"],
  ["/home/me/open/file", "the folder /home/me/open can be written by other users"],
  ["/home/other/file", "the folder /home/other belongs to another user"],
])("%s is refused: %s; nothing behind it is asked for", (path, why) => {
  const { place, asked } = go(path);
  expect(place).toMatchObject({ kind: "refused", why });
  expect(asked.filter((each) => each.startsWith("/mnt"))).toEqual([]);
  const reason = place.kind === "refused" ? place.folder : undefined;
  if (reason !== undefined) expect(asked.at(-1)).toBe(reason);
});

test("a link at the end is refused where it is not to be followed, and only there", () => {
  expect(go("/home/me/absolute", "refuse").place).toEqual({
    kind: "refused",
    why: "/home/me/absolute is a link",
  });
  expect(go("/home/me/rooted/home/me/file", "refuse").place).toMatchObject({ kind: "found" });
});

test("what does not exist: the last name, a folder on the way, a file as a folder", () => {
  expect(go("/home/me/new").place).toEqual({
    kind: "absent",
    path: "/home/me/new",
    code: "ENOENT",
    isFolder: false,
  });
  expect(go("/home/me/nowhere").place).toMatchObject({
    path: "/home/me/none/there",
    isFolder: true,
  });
  expect(go("/home/me/file/x").place).toMatchObject({ code: "ENOTDIR", isFolder: true });
});
