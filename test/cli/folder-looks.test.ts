import { expect, test } from "bun:test";
import { FolderLooks } from "../../src/cli/folder-looks.ts";
import type { KnownSession } from "../../src/cli/session-view.ts";
import type { Look, Inspection } from "../../src/repository/repositories.ts";
import { nothingSpent } from "../../src/session/cost.ts";
import { newSession } from "../../src/session/session.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const sessionIn = (cwd: string | undefined, updatedAt = 1): KnownSession => ({
  id: `in ${cwd}`,
  own: false,
  session: { ...newSession, updatedAt },
  spent: nothingSpent,
  cwd,
});

const none: Look = { kind: "nothing", path: "/real", device: 1 };

/** Looks at folders of which each is what `answer` says at the time. */
function setUp() {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answers: { now: Look | undefined } = { now: none };
  const look = (folder: string): Promise<Inspection | undefined> => {
    asked.push(folder);
    const { now } = answers;
    return Promise.resolve(now && { look: now, at: clock.monotonic() });
  };
  const looks = new FolderLooks({ look, keep: () => undefined }, clock, () => undefined);
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
  answers.now = undefined;
  expect(await after(sessionIn("/a"))).toEqual(["/a"]);
  answers.now = none;
  expect(await after(sessionIn("/a"))).toEqual(["/a"]);
  expect(looks.of(sessionIn("/a"))).toMatchObject({ look: none, before: [] });
  expect(await after(sessionIn("/a"))).toEqual([]);
});

test("an answer that comes late is taken when it comes, and told where it is another", async () => {
  let answer: ((late: Inspection) => void) | undefined;
  const changes: (Look | undefined)[] = [];
  const look = (_: string, onLate?: (late: Inspection) => void): Promise<undefined> => {
    answer = onLate;
    return Promise.resolve(undefined);
  };
  const looks: FolderLooks = new FolderLooks(
    { look, keep: () => undefined },
    new FakeClock(),
    () => void changes.push(looks.of(sessionIn("/a"))?.look),
  );
  await looks.look([sessionIn("/a")]);
  expect(looks.of(sessionIn("/a"))).toBeUndefined();
  answer?.({ look: none, at: 7 });
  answer?.({ look: none, at: 8 });
  expect(changes).toEqual([none]);
  expect(looks.checkedAt("/a")).toBe(8);
});

test("a folder in which nobody works any more is forgotten, all of them when asked to", async () => {
  const { clock, looks, after } = setUp();
  const folders = ["/a", "/b", "/c", "/d", "/e"];
  const all = folders.map((folder) => sessionIn(folder));
  expect(await after(...all)).toEqual(folders);
  expect(await after(sessionIn("/a"), sessionIn(undefined))).toEqual([]);
  expect(looks.of(sessionIn("/b"))).toBeUndefined();
  expect(looks.of(sessionIn(undefined))).toBeUndefined();
  clock.advance(1);
  looks.forget();
  expect(await after(sessionIn("/a"))).toEqual(["/a"]);
  expect(await after(sessionIn("/a"))).toEqual([]);
});

test("a folder is looked at for a card whose last look is too old for it", async () => {
  const { clock, looks } = setUp();
  await looks.look([sessionIn("/a"), sessionIn("/b")]);
  const before = clock.monotonic();
  clock.advance(1);
  await looks.look([sessionIn("/a"), sessionIn("/b")], new Map([["/a", clock.monotonic()]]));
  expect(["/a", "/b", "/c"].map((folder) => looks.checkedAt(folder))).toEqual([
    before + 1,
    before,
    -Infinity,
  ]);
});

const repository = (device: number): Look => ({
  kind: "repository",
  path: "/real",
  device,
  repository: { root: "/real", main: "/real", name: "real", remotes: [] },
});
const failed = (reason: string): Look => ({
  kind: "unknown",
  reason,
  path: "/real",
  repository: undefined,
});

test("what was seen before a look that failed counts until one succeeds", async () => {
  const { answers, looks } = setUp();
  const seen = async (look: Look | undefined, updatedAt: number) => {
    answers.now = look;
    await looks.look([sessionIn("/a", updatedAt)]);
    return looks.of(sessionIn("/a"));
  };
  await seen(repository(1), 1);
  const gone = failed("it is gone");
  expect(await seen(gone, 2)).toMatchObject({ look: gone, before: [repository(1)] });
  const late = failed("its disk does not answer");
  expect(await seen(late, 3)).toMatchObject({ look: late, before: [repository(1), gone] });
  expect(await seen(gone, 4)).toMatchObject({ look: gone, before: [repository(1), late] });
  // No answer at all is no news.
  expect(await seen(undefined, 5)).toMatchObject({ look: gone, before: [repository(1), late] });
  expect(await seen(none, 6)).toMatchObject({ look: none, before: [] });
});

test("where only the remotes are not known, no more than the last repository counts on", async () => {
  const { answers, looks } = setUp();
  const after = async (look: Look, updatedAt: number) => {
    answers.now = look;
    await looks.look([sessionIn("/a", updatedAt)]);
    return looks.of(sessionIn("/a"))?.before;
  };
  const unasked = (name: string): Look => ({
    kind: "unknown",
    reason: "git is not asked",
    path: "/real",
    repository: { root: "/real", main: "/real", name, remotes: [] },
  });
  await after(none, 1);
  expect(await after(unasked("a"), 2)).toEqual([]);
  expect(await after(unasked("b"), 3)).toEqual([]);
  await after(repository(1), 4);
  expect(await after(unasked("a"), 5)).toEqual([repository(1)]);
  expect(await after(unasked("b"), 6)).toEqual([repository(1)]);
});

test("an empty folder on another disk says nothing of the one that was mounted there", async () => {
  const { answers, looks } = setUp();
  const seen = async (look: Look, updatedAt: number) => {
    answers.now = look;
    await looks.look([sessionIn("/a", updatedAt)]);
    return looks.of(sessionIn("/a"))?.look.kind;
  };
  await seen(repository(2), 1);
  expect(await seen(none, 2)).toBe("unknown");
  expect(await seen(none, 3)).toBe("unknown");
  expect(await seen(repository(2), 4)).toBe("repository");
  expect(await seen({ ...none, device: 2 }, 5)).toBe("nothing");
});

test("a list does not wait for a second look at a folder; what that finds is told", async () => {
  const clock = new FakeClock();
  const waiting: ((answer: Inspection) => void)[] = [];
  let changes = 0;
  const look = () => new Promise<Inspection>((resolve) => waiting.push(resolve));
  const looks = new FolderLooks({ look, keep: () => undefined }, clock, () => (changes += 1));
  const answer = async (found: Look): Promise<void> => {
    waiting.shift()?.({ look: found, at: clock.monotonic() });
    await settle();
  };
  const first = looks.look([sessionIn("/a", 1)]);
  await answer(none);
  await first;
  for (const found of [none, repository(1)]) {
    const again = looks.look([sessionIn("/a", changes + clock.monotonic())]);
    clock.advance(10);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await again;
    expect([looks.of(sessionIn("/a"))?.look, changes]).toEqual([none, 0]);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await answer(found);
  }
  expect([looks.of(sessionIn("/a"))?.look, changes]).toEqual([repository(1), 1]);
  // A card waits for the answer.
  let waited = true;
  const fresh = looks
    .look([sessionIn("/a")], new Map([["/a", Infinity]]))
    .then(() => (waited = false));
  clock.advance(10);
  await settle();
  expect(waited).toBe(true);
  await answer(none);
  await fresh;
  expect([looks.of(sessionIn("/a"))?.look, changes, clock.pending]).toEqual([none, 1, 0]);
});
