import { expect, test } from "bun:test";
import { FolderLooks } from "../../src/cli/folder-looks.ts";
import type { KnownSession } from "../../src/cli/session-view.ts";
import type { Look } from "../../src/repository/repositories.ts";
import { nothingSpent } from "../../src/session/cost.ts";
import { newSession } from "../../src/session/session.ts";
import { FakeClock } from "../support/fake-clock.ts";

const sessionIn = (cwd: string | undefined, updatedAt = 1): KnownSession => ({
  id: `in ${cwd}`,
  own: false,
  session: { ...newSession, updatedAt },
  spent: nothingSpent,
  cwd,
});

/** Looks at folders of which each is what `answer` says at the time. */
function setUp() {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answers = { now: { kind: "none", path: "/real" } as Look };
  const look = async (folder: string): Promise<Look> => {
    asked.push(folder);
    return Promise.resolve(answers.now);
  };
  const looks = new FolderLooks({ look }, clock);
  const after = async (...sessions: readonly KnownSession[]): Promise<readonly string[]> => {
    asked.length = 0;
    await looks.look(sessions);
    return [...asked];
  };
  return { clock, answers, looks, after };
}

test("each folder once, however many sessions work there; again with news or after 8 s", async () => {
  const { clock, after } = setUp();
  expect(await after(sessionIn("/a"), sessionIn("/a", 2), sessionIn("/b"))).toEqual(["/a", "/b"]);
  clock.advance(7999);
  expect(await after(sessionIn("/a"), sessionIn("/a", 2), sessionIn("/b"))).toEqual([]);
  expect(await after(sessionIn("/a", 3), sessionIn("/a", 2), sessionIn("/b"))).toEqual(["/a"]);
  clock.advance(1);
  expect(await after(sessionIn("/a", 3), sessionIn("/b"))).toEqual(["/b"]);
});

test("a disk that has not answered yet is asked again each time", async () => {
  const { answers, looks, after } = setUp();
  answers.now = { kind: "unknown" };
  expect(await after(sessionIn("/a"))).toEqual(["/a"]);
  answers.now = { kind: "none", path: "/real" };
  expect(await after(sessionIn("/a"))).toEqual(["/a"]);
  expect(looks.of(sessionIn("/a"))).toEqual({ kind: "none", path: "/real" });
  expect(await after(sessionIn("/a"))).toEqual([]);
});

test("a folder in which nobody works any more is forgotten, all of them when asked to", async () => {
  const { looks, after } = setUp();
  const folders = ["/a", "/b", "/c", "/d", "/e"];
  const all = folders.map((folder) => sessionIn(folder));
  expect(await after(...all)).toEqual(folders);
  expect(await after(sessionIn("/a"), sessionIn(undefined))).toEqual([]);
  expect(looks.of(sessionIn("/b"))).toBeUndefined();
  expect(looks.of(sessionIn(undefined))).toBeUndefined();
  looks.forget();
  expect(await after(sessionIn("/a"))).toEqual(["/a"]);
});
