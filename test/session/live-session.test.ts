import { expect, test } from "bun:test";
import type { SessionEvent } from "../../src/session/event.ts";
import { LiveSession } from "../../src/session/live-session.ts";
import { newSession } from "../../src/session/session.ts";
import { FakeClock } from "../support/fake-clock.ts";

function live() {
  const clock = new FakeClock();
  const told: string[] = [];
  const session = new LiveSession(clock, ({ kind, target }) =>
    told.push(target === undefined ? kind : `${kind} ${target}`),
  );
  const status = (state: "idle" | "working"): SessionEvent => ({
    type: "statusReported",
    at: clock.now(),
    state,
  });
  return { clock, told, session, status };
}

test("it tells each change once, also those that only time brings", () => {
  const { clock, told, session, status } = live();
  expect(session.activity.kind).toBe("starting");
  session.report(status("idle"));
  session.report(status("idle"));
  clock.advance(50);
  session.report(status("working"));
  clock.advance(99);
  expect(told).toEqual(["idle"]);
  clock.advance(1);
  expect(told).toEqual(["idle", "thinking"]);
  clock.advance(60_000);
  expect(told).toEqual(["idle", "thinking"]);
  expect(clock.pending).toBe(0);
});

test("the busy blip at the start is never told", () => {
  const { clock, told, session, status } = live();
  session.report(status("idle"));
  clock.advance(40);
  session.report(status("working"));
  clock.advance(30);
  session.report(status("idle"));
  clock.advance(60_000);
  expect(told).toEqual(["idle"]);
});

test("another thread brings its own work, under the child's own word", () => {
  const { clock, told, session, status } = live();
  session.report(status("idle"));
  clock.advance(5000);
  session.report(status("working"));
  clock.advance(200);
  const work = { kind: "running", target: "make" } as const;
  const call = { id: "a", turn: "t", at: clock.now(), work, composite: false, mayAsk: false };
  const turn = {
    id: "t",
    at: clock.now(),
    unattributed: false,
    explained: true,
    implied: true,
    reply: undefined,
  };
  session.showThread({ ...newSession, turn, calls: [call] });
  session.showThread(newSession);
  expect(told).toEqual(["idle", "thinking", "running make", "thinking"]);
});

test("after disposal no timer is left", () => {
  const { clock, session, status } = live();
  session.report(status("idle"));
  session.report(status("working"));
  expect(clock.pending).toBe(1);
  session[Symbol.dispose]();
  expect(clock.pending).toBe(0);
});
