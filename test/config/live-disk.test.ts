import { afterEach, beforeEach, expect, test } from "bun:test";
import { configName } from "../../src/config/file.ts";
import { openConfig } from "../../src/config/live.ts";
import type { LoadedConfig } from "../../src/config/load.ts";
import type { ConfigLook, ConfigReader } from "../../src/config/reader.ts";
import { silentLog } from "../../src/lib/log.ts";
import { FakeClock } from "../support/fake-clock.ts";

let opened: DisposableStack;
let seen: LoadedConfig[];
beforeEach(() => {
  opened = new DisposableStack();
  seen = [];
});
afterEach(() => opened.dispose());

const level = (name: string) => JSON.stringify({ privacy: { level: name } });

/** One whose clock, notices and disk the test holds. */
function openHeld(reader: ConfigReader) {
  const clock = new FakeClock();
  const told: ((name: string | undefined) => void)[] = [];
  const live = opened.use(
    openConfig({
      home: "/invented",
      reader,
      watch: (_, onChange) => {
        told.push(onChange);
        return { [Symbol.dispose]: () => undefined };
      },
      clock,
      log: silentLog,
      onChange: (loaded) => void seen.push(loaded),
    }),
  );
  const tell = (name: string | undefined) => {
    for (const each of told) each(name);
  };
  return { live, clock, tell };
}

/** A disk that answers when the test says so. */
function heldDisk() {
  const asked: {
    readonly print: string | undefined;
    readonly answer: (look: ConfigLook) => void;
  }[] = [];
  let ended = false;
  const reader: ConfigReader = {
    read: (print) => new Promise((answer) => void asked.push({ print, answer })),
    [Symbol.dispose]: () => void (ended = true),
  };
  const answer = async (look: ConfigLook): Promise<void> => {
    asked.shift()!.answer(look);
    await Bun.sleep(0);
  };
  return { reader, asked, answer, isEnded: () => ended };
}

const saying = (name: string, print = name): ConfigLook => ({
  kind: "bytes",
  print,
  bytes: new TextEncoder().encode(level(name)),
});

test("before the first answer nothing may be shown; after 200 ms the person is told", async () => {
  const disk = heldDisk();
  const { live, clock } = openHeld(disk.reader);
  expect(live.current).toMatchObject({
    source: "pending",
    problems: [],
    config: { privacy: { level: "hidden" } },
  });
  clock.advance(199);
  expect(seen).toEqual([]);
  clock.advance(1);
  expect(seen).toHaveLength(1);
  expect(live.current).toMatchObject({
    source: "pending",
    isSilent: true,
    config: { privacy: { level: "hidden" } },
  });
  expect(live.current.problems).toEqual([
    `${configName} does not answer: its disk hangs; no card is shown until it does`,
  ]);
  clock.advance(60_000);
  expect(disk.asked).toHaveLength(1);
  await disk.answer(saying("full"));
  expect(live.current).toMatchObject({ source: "file", problems: [] });
  expect(live.current.config.privacy.level).toBe("full");
  expect(seen).toHaveLength(2);
});

test("a disk that stops answering: what the file said before counts, and it is said", async () => {
  const disk = heldDisk();
  const { live, clock, tell } = openHeld(disk.reader);
  await disk.answer(saying("full", "1"));
  tell(configName);
  clock.advance(30);
  expect(disk.asked).toHaveLength(1);
  clock.advance(200);
  expect(live.current).toMatchObject({ source: "file", isSilent: true });
  expect(live.current.config).toBe(seen[0]!.config);
  expect(live.current.problems[0]).toContain("what it said before counts until it does");
  // Neither notices nor polls ask it again meanwhile.
  tell(configName);
  tell(undefined);
  clock.advance(60_000);
  expect(disk.asked).toHaveLength(1);
  await disk.answer(saying("hidden", "2"));
  expect(live.current).toMatchObject({ problems: [], config: { privacy: { level: "hidden" } } });
  // What came meanwhile is looked at, whatever that file looks like.
  clock.advance(30);
  expect(disk.asked[0]!.print).toBeUndefined();
  clock.advance(200);
  expect(live.current.problems).toHaveLength(1);
  await disk.answer({ kind: "same", print: "2" });
  expect(live.current).toMatchObject({ problems: [], config: { privacy: { level: "hidden" } } });
});

test("a poll asks whether the file is the one it was", async () => {
  const disk = heldDisk();
  const { live, clock } = openHeld(disk.reader);
  await disk.answer(saying("full", "1"));
  clock.advance(700);
  expect(disk.asked[0]!.print).toBe("1");
  await disk.answer({ kind: "same", print: "1" });
  expect(seen).toHaveLength(1);
  live[Symbol.dispose]();
  expect(disk.isEnded()).toBe(true);
  expect(clock.pending).toBe(0);
});

test("closed while the disk is silent: nothing is told, and nothing waits", async () => {
  const disk = heldDisk();
  const { live, clock } = openHeld(disk.reader);
  live[Symbol.dispose]();
  expect(clock.pending).toBe(0);
  await disk.answer(saying("full"));
  clock.advance(60_000);
  expect(seen).toEqual([]);
  expect(disk.asked).toEqual([]);
});

test.each(["EACCES: permission denied", "EIO: i/o error", "is larger than 1 MB"])(
  "%s: no card, whatever it said before; then it is taken up again",
  async (why) => {
    const disk = heldDisk();
    const { live, clock } = openHeld(disk.reader);
    await disk.answer(saying("full", "1"));
    clock.advance(700);
    await disk.answer({ kind: "refused", print: "2", why });
    clock.advance(200);
    await disk.answer({ kind: "refused", print: "2", why });
    expect(live.current).toMatchObject({
      source: "unreadable",
      config: { privacy: { level: "hidden" } },
      problems: [`${configName}: ${why}; no card is shown until it can be read`],
    });
    clock.advance(700);
    await disk.answer({ kind: "bytes", print: "3", bytes: new TextEncoder().encode("{") });
    expect(live.current.config.privacy.level).toBe("full");
    clock.advance(700);
    await disk.answer(saying("project", "4"));
    expect(live.current.config.privacy.level).toBe("project");
  },
);

test("never readable: no card", async () => {
  const disk = heldDisk();
  const { live } = openHeld(disk.reader);
  await disk.answer({ kind: "refused", print: "EACCES", why: "EACCES: permission denied" });
  expect(live.current.config.privacy.level).toBe("hidden");
});

test("half a file in the middle of a save is not reported", async () => {
  const disk = heldDisk();
  const { clock, tell } = openHeld(disk.reader);
  await disk.answer(saying("full"));
  tell(configName);
  clock.advance(30);
  await disk.answer({ kind: "bytes", print: "half", bytes: new Uint8Array() });
  clock.advance(200);
  await disk.answer(saying("project"));
  expect(seen.map(({ source }) => source)).toEqual(["file", "file"]);
});

test("the same again, other files, and whatever comes after the end tell nothing", async () => {
  const disk = heldDisk();
  const { live, clock, tell } = openHeld(disk.reader);
  await disk.answer(saying("full", "1"));
  tell(configName);
  clock.advance(30);
  await disk.answer(saying("full", "2"));
  tell("history.jsonl");
  clock.advance(100);
  expect(disk.asked).toEqual([]);
  expect(seen).toHaveLength(1);
  live[Symbol.dispose]();
  tell(configName);
  clock.advance(10_000);
  expect(disk.asked).toEqual([]);
  expect(seen).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test("read again when that is asked for, whatever notices there were", async () => {
  const { reader, asked, answer } = heldDisk();
  const { live } = openHeld(reader);
  let isOver = false;
  // A look that pends may have begun too early: another one follows it.
  const freshened = live.freshen().then(() => (isOver = true));
  await answer(saying("full"));
  expect([isOver, asked.length, asked[0]?.print]).toEqual([false, 1, "full"]);
  await answer(saying("private"));
  await freshened;
  expect(live.current.config.privacy.level).toBe("private");
});
