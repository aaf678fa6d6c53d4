import { expect, test } from "bun:test";
import * as fc from "fast-check";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { openDiskOnce } from "../../src/cli/disk-once.ts";
import { createRolloutReader } from "../../src/codex/events.ts";
import { openThreadFile } from "../../src/codex/thread-file.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { activityDueAt, activityOf } from "../../src/session/activity-of.ts";
import { activityKinds } from "../../src/session/activity.ts";
import type { SessionEvent } from "../../src/session/event.ts";
import { newSession, reduce, type Session } from "../../src/session/session.ts";
import { openFiles } from "../../src/tail/files.ts";
import { splitLines } from "../../src/tail/lines.ts";
import {
  bytesOf,
  eventsOfFile,
  fold,
  linesOf,
  pinned,
  recorded,
  rollouts,
  rolloutsOf,
  terminalEvents,
  timeline,
} from "./timeline.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const recordings = readdirSync(rollouts).filter((name) => name !== "legacy");
const newest = readdirSync(recorded).filter((name) => name.startsWith(pinned.prefix));
const folders = [...readdirSync(rollouts), ...newest];
const files = folders.flatMap((recording) => [...rolloutsOf(recording)]);
const small = files.filter((file) => bytesOf(file).length < 25_000);

function collect() {
  const events: SessionEvent[] = [];
  const reader = createRolloutReader();
  const split = splitLines((line, whole) => events.push(...reader.read(line, whole)));
  return { events, reader, split };
}

test.each(files)("nothing in %s is unknown or broken", (file) => {
  const { reader, split } = collect();
  split.feed(bytesOf(file));
  expect(reader.counts).toMatchObject({ unknown: 0, broken: 0 });
  expect(reader.counts.items).toBeGreaterThan(5);
});

test.each(files)("however %s arrives, it tells the same", (file) => {
  const bytes = bytesOf(file);
  const whole = eventsOfFile(file);
  for (const size of [1, 7, 1000, 65_536]) {
    const { events, split } = collect();
    for (let at = 0; at < bytes.length; at += size) split.feed(bytes.subarray(at, at + size));
    expect(events).toEqual([...whole]);
  }
});

test.each(small)("a replay of every beginning of %s equals having tailed it that far", (file) => {
  const lines = linesOf(file);
  const tailed = collect();
  for (const [index, line] of lines.entries()) {
    tailed.split.feed(Buffer.from(`${line}\n`));
    const replayed = collect();
    replayed.split.feed(Buffer.from(`${lines.slice(0, index + 1).join("\n")}\n`));
    expect(fold(tailed.events)).toEqual(fold(replayed.events));
  }
});

test("the legacy dialect tells its story, too", () => {
  const [file = ""] = rolloutsOf("legacy");
  expect(timeline([[], eventsOfFile(file)]).join(", ")).toBe(
    "starting, thinking, reading README.md, thinking, editing notes.txt, thinking, " +
      "tool docs.search, thinking, searching, thinking, idle, thinking, running npm test, idle, " +
      "thinking, idle",
  );
  const session = fold(eventsOfFile(file));
  expect(session.facts).toMatchObject({ branch: "main", version: "0.120.0" });
  expect(session.settings).toMatchObject({ model: "gpt-5.2-codex", effort: "medium" });
  expect(session.usage?.last?.total).toBe(5040);
  expect(session.limits[0]?.windows).toEqual([
    { usedPercent: 5.5, minutes: 300, resetsAt: 1_768_060_000_000 },
  ]);
});

/** What holds of a session at any moment, whatever has happened. */
function expectSound(session: Session, now: number): void {
  for (const call of session.calls) expect(session.endedTurns).not.toContain(call.turn);
  if (session.turn === undefined) expect(session.calls).toEqual([]);
  const due = activityDueAt(session, now) ?? now;
  for (const moment of [now, due, now + 1, now - 3_600_000, now + 86_400_000]) {
    expect(activityKinds).toContain(activityOf(session, moment).kind);
  }
}

const sequences = files.map((file) => eventsOfFile(file));
const said = recordings.flatMap((recording) => [...terminalEvents(recording)]);

test("any mixture of all that was ever recorded leaves no call open after its turn", () => {
  const event = fc.constantFrom(...sequences.flat(), ...said);
  fc.assert(
    fc.property(fc.array(event, { maxLength: 100 }), (events) => {
      let session = newSession;
      for (const each of events) {
        session = reduce(session, each);
        expectSound(session, each.at);
      }
    }),
    { numRuns: 300 },
  );
});

test("so does any interleaving of any two, up to any place", () => {
  const two = fc.tuple(fc.constantFrom(...sequences), fc.constantFrom(...sequences, said));
  const choices = fc.array(fc.boolean(), { minLength: 5, maxLength: 80 });
  fc.assert(
    fc.property(two, fc.nat(30), choices, ([one, other], skip, order) => {
      const left = [one.slice(0), other.slice(skip)] as const;
      let session = newSession;
      for (const first of order) {
        const next = left[first ? 0 : 1].shift();
        if (next === undefined) continue;
        session = reduce(session, next);
        expectSound(session, next.at);
      }
    }),
    { numRuns: 300 },
  );
});

test.each(["read", "compact", "spawn_v2", "story_code-mode", "story_approve", "legacy"])(
  "%s, followed while it is written, is what it is when read up to there",
  async (recording) => {
    using made = new DisposableStack();
    const folder = mkdtempSync(join(scratch, "replay-"));
    made.defer(() => rmSync(folder, { recursive: true }));
    using disk = openFiles(systemClock, silentLog);
    const ignored = { onEvent: () => undefined, onRestart: () => undefined };
    const whole = { whole: 1_048_576, last: 1_048_576 };
    for (const [index, source] of rolloutsOf(recording).entries()) {
      const path = join(folder, `${index}.jsonl`);
      writeFileSync(path, "");
      using tailed = await openThreadFile(disk, "t", path, ignored, whole);
      for (const line of linesOf(source)) {
        appendFileSync(path, `${line}\n`);
        await tailed.look();
        using replayed = await openThreadFile(openDiskOnce(), "t", path, ignored, whole);
        expect(replayed.session).toEqual(tailed.session);
        expect(replayed.spent).toEqual(tailed.spent);
      }
    }
  },
);

test("a damaged line of any recording never throws, and is counted as something", () => {
  const lines = files
    .flatMap((file) => Buffer.from(bytesOf(file)).toString("latin1").split("\n"))
    .filter(Boolean);
  const damage = fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...lines), damage, fc.boolean(), (line, changes, whole) => {
      const bytes = Buffer.from(line, "latin1");
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const reader = createRolloutReader();
      fold(reader.read(bytes, whole));
      const { items, skipped, unknown, broken } = reader.counts;
      expect(items + skipped + unknown + broken).toBe(1);
    }),
    { numRuns: 1500 },
  );
});

test("values of the wrong type never throw", () => {
  const lines = files.flatMap((file) => linesOf(file));
  const odd = fc.constantFrom<unknown>(null, 0, -1e308, "", "x", [], {}, [null], { a: {} }, true);
  fc.assert(
    fc.property(fc.constantFrom(...lines), fc.array(odd, { minLength: 1 }), (line, values) => {
      let next = 0;
      const spoiled = JSON.parse(line, (key, value: unknown) => {
        const keep = key === "timestamp" || key === "type" || key === "payload" || key === "";
        next += 1;
        return keep || next % 3 !== 0 ? value : values[next % values.length];
      });
      fold(createRolloutReader().read(Buffer.from(JSON.stringify(spoiled))));
    }),
    { numRuns: 800 },
  );
});
