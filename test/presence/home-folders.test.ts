import { expect, test } from "bun:test";
import { isHomeFolder } from "../../src/presence/home-folders.ts";
import type { FolderKnowledge } from "../../src/session/places.ts";
import { compose, session } from "./facts.ts";

test.each([
  "/home/janedoe",
  "/home/janedoe/",
  "/Users/janedoe",
  "/root",
  "/var/root",
  "/var/home/janedoe",
  "/export/home/janedoe",
  "/usr/home/janedoe",
  "C:\\Users\\JaneDoe",
  "c:/users/janedoe",
  "C:\\Documents and Settings\\Jane Doe",
  "/mnt/c/Users/JaneDoe",
  "/c/Users/JaneDoe",
  "/cygdrive/c/Users/JaneDoe",
  "\\\\wsl$\\Ubuntu\\home\\janedoe",
  "\\\\wsl.localhost\\Debian\\home\\janedoe",
  "/Volumes/Backup/Users/janedoe",
  "/media/disk/home/janedoe",
  "/mnt/old/home/janedoe",
  "/System/Volumes/Data/Users/janedoe",
  "/data/data/com.termux/files/home",
  "/srv/people/jane",
  "/home/corp.example/janedoe",
  "/home/staff/janedoe",
  "/home/j/janedoe",
  "/home2/janedoe",
  "/homes/janedoe",
  "/private/var/home/janedoe",
  "/host/home/janedoe",
  "/proc/1/root/home/janedoe",
  "/tank/home/janedoe",
  "/afs/cell.example/home/janedoe",
  "D:\\Profiles\\JaneDoe",
  "\\\\server\\home\\janedoe",
  "\\\\server\\Users$\\janedoe",
])("%s is a user's home", (path) => {
  expect(isHomeFolder(path, ["/nowhere", "/srv/people/jane"])).toBe(true);
});

test("in a home of one's own with a dot in its name there are projects", () => {
  expect(isHomeFolder("/home/jane.doe/app", ["/home/jane.doe"])).toBe(false);
  expect(isHomeFolder("/home/jane.doe/app", ["/home/other"])).toBe(true);
});

test.each([
  "/home/janedoe/app",
  "/home",
  "/Users",
  "/work/users/service",
  "C:\\Users\\JaneDoe\\app",
  "/srv/people/jane/app",
  "/srv/people/janet",
  "/rooted",
  "/app/root",
])("%s is none", (path) => {
  expect(isHomeFolder(path, ["/nowhere", "/srv/people/jane"])).toBe(false);
});

const none = (realPath: string): FolderKnowledge => ({
  kind: "nothing",
  place: { realPath },
  remotes: [],
});
const repository = (root: string, mainWorktree = root): FolderKnowledge => ({
  kind: "repository",
  place: { realPath: root, root, mainWorktree },
  remotes: [],
});

test.each<[string, string, FolderKnowledge, boolean]>([
  ["a home", "/home/janedoe", none("/home/janedoe"), false],
  ["a home on the Windows side", "/mnt/c/Users/JaneDoe", none("/mnt/c/Users/JaneDoe"), false],
  ["one's own home elsewhere", "/home/ann", none("/home/ann"), false],
  ["a link to a home", "/work", none("/home/janedoe"), false],
  ["a repository that is a home", "/home/janedoe/x", repository("/home/janedoe"), false],
  ["a worktree of one", "/work/x", repository("/work/x", "/home/janedoe"), false],
  [
    "not known, and a home",
    "/home/janedoe",
    { kind: "unknown", reason: "x", places: [], remotes: [] },
    false,
  ],
  ["a folder in a home", "/home/janedoe/app", none("/home/janedoe/app"), true],
  ["a repository in a home", "/home/janedoe/app/src", repository("/home/janedoe/app"), true],
])("the project is not named after its folder where that is %s", (_, cwd, folder, isNamed) => {
  const at = { ...session, project: "janedoe-app", places: { ...session.places!, cwd, folder } };
  const { card } = compose([at], { privacy: { level: "full" } });
  expect(JSON.stringify(card).includes("janedoe-app")).toBe(isNamed);
});
