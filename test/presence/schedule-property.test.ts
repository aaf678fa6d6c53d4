import { expect, test } from "bun:test";
import {
  array,
  assert,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
} from "fast-check";
import { showsLess } from "../../src/presence/frame.ts";
import {
  answered,
  decide,
  emptySchedule,
  pendingOf,
  reconnected,
  type Schedule,
  type Wanted,
} from "../../src/presence/schedule.ts";
import { frameOf } from "../support/frames.ts";

/** What is wanted, and how it came to that. */
interface Want {
  readonly wanted: Wanted;
  readonly isAttention: boolean;
}

interface Step extends Want {
  readonly wait: number;
  readonly reconnect: boolean;
  /** How late what is sent from now on reaches Discord, and how late its answer is, ms. */
  readonly delay: number;
  readonly answerDelay: number;
}

const plain = record({ name: constantFrom("a", "b", "c", "d"), privacy: constantFrom("1", "2") });
const wants = oneof(
  { weight: 8, arbitrary: plain.map(({ name, privacy }) => frameOf(name, { privacy })) },
  { weight: 2, arbitrary: constant<Wanted>(undefined) },
);
const ordinary = wants.map((wanted): Want => ({ wanted, isAttention: false }));
let attentions = 0;
const attention = constantFrom("1", "2").map((privacy): Want => {
  attentions += 1;
  const wanted = frameOf(`approval ${attentions}`, { privacy, attention: String(attentions) });
  return { wanted, isAttention: true };
});
const stepsOf = (want: typeof ordinary, delays: ReturnType<typeof nat>) =>
  array(
    record({
      want,
      wait: oneof(nat(400), nat(6000), nat(40_000)),
      reconnect: integer({ min: 0, max: 9 }).map((dice) => dice === 0),
      delay: delays,
      answerDelay: delays,
    }).map(({ want: wanted, ...rest }): Step => ({ ...wanted, ...rest })),
    { maxLength: 60 },
  );
const prompt = constant(0);
const late = oneof(nat(50), nat(3000), nat(30_000));
const any = oneof({ weight: 5, arbitrary: ordinary }, { weight: 1, arbitrary: attention });

test("however late frames arrive, Discord never counts more than five in 20 s", () => {
  assert(
    property(stepsOf(any, late), (steps) => {
      const { arrivals } = play(steps);
      for (const at of arrivals) {
        const window = arrivals.filter((other) => other > at - 20_000 && other <= at);
        expect(window.length).toBeLessThanOrEqual(5);
      }
    }),
    { numRuns: 500 },
  );
});

test("whatever must go is sent within a second, or goes with its connection", () => {
  assert(
    property(stepsOf(any, late), (steps) => {
      expect(play(steps).worstLess).toBeLessThanOrEqual(1000);
    }),
    { numRuns: 500 },
  );
});

test("whatever was wanted last is what Discord was told last, and nothing waits", () => {
  assert(
    property(stepsOf(any, prompt), (steps) => {
      const { schedule, wanted, now } = play(steps);
      const { told } = schedule;
      expect(told.kind === "sent" ? told.what?.text : undefined).toBe(wanted?.text);
      expect(pendingOf(schedule, wanted, now)).toBeUndefined();
    }),
  );
});

test("an attention with none in the 20 s before it goes at once, whatever else was sent", () => {
  // What shows less has the right of way: those places are not counted here.
  const samePrivacy = ordinary.map(({ wanted, isAttention }): Want => {
    const about = { privacy: "1" };
    return { wanted: frameOf(wanted?.activity.details ?? "e", about), isAttention };
  });
  assert(
    property(stepsOf(samePrivacy, prompt), nat(20_000), (steps, wait) => {
      const played = play(steps, 0);
      const asked = frameOf("approval", { privacy: "1", attention: "approval" });
      const after = wakeUntil(played, played.now + wait);
      const { send } = decide(after.schedule, asked, after.now);
      expect(send?.what).toBe(asked);
    }),
  );
});

test("an equal card follows only once, 15 s or more after the change, where all is answered", () => {
  assert(
    property(stepsOf(any, prompt), (steps) => {
      const { sends } = play(steps);
      for (const [index, send] of sends.entries()) {
        const before = sends[index - 1];
        const third = sends[index - 2];
        if (send.first || before === undefined || before.what !== send.what) continue;
        expect(send.at - before.at).toBeGreaterThanOrEqual(15_000);
        if (!before.first) expect(third?.what).not.toBe(send.what);
      }
    }),
  );
});

interface Sent {
  readonly at: number;
  readonly what: string | undefined;
  /** First send of this connection. */
  readonly first: boolean;
}

interface Played {
  readonly schedule: Schedule;
  readonly wanted: Wanted;
  readonly now: number;
  readonly wakeAt: number | undefined;
  readonly sends: readonly Sent[];
  /** When Discord counts each. */
  readonly arrivals: readonly number[];
  /** Answers on their way. */
  readonly answers: readonly { readonly at: number; readonly id: number }[];
  readonly delay: number;
  readonly answerDelay: number;
  /** Since when something is shown that may not be; the longest that lasted, ms. */
  readonly lessSince: number | undefined;
  readonly worstLess: number;
}

const begin: Played = {
  schedule: emptySchedule,
  wanted: undefined,
  now: 0,
  wakeAt: undefined,
  sends: [],
  arrivals: [],
  answers: [],
  delay: 0,
  answerDelay: 0,
  lessSince: undefined,
  worstLess: 0,
};

function play(steps: readonly Step[], quietMs = 200_000): Played {
  const end = steps.reduce((before, step) => {
    const { wait, wanted, reconnect, delay, answerDelay } = step;
    const played = wakeUntil(before, before.now + wait);
    const next = reconnect ? newConnection(played) : played;
    return ask({ ...next, wanted, delay, answerDelay });
  }, begin);
  return wakeUntil({ ...end, delay: 0, answerDelay: 0 }, end.now + quietMs);
}

/** What was on its way arrives before anything of the next connection is read. */
function newConnection(played: Played): Played {
  const { schedule, arrivals, now } = played;
  return {
    ...played,
    arrivals: arrivals.map((at) => Math.min(at, now)),
    answers: [],
    schedule: reconnected(schedule, now),
    lessSince: undefined,
  };
}

function wakeUntil(before: Played, limit: number): Played {
  let played = before;
  for (;;) {
    const [answer] = played.answers;
    const next = Math.min(answer?.at ?? Infinity, played.wakeAt ?? Infinity);
    if (next > limit) return { ...played, now: limit };
    const now = Math.max(played.now, next);
    if (answer?.at === next) {
      const schedule = answered(played.schedule, answer.id, now, "accepted");
      played = ask({ ...played, now, schedule, answers: played.answers.slice(1) });
    } else played = ask({ ...played, now });
  }
}

function ask(played: Played): Played {
  const { now, wanted } = played;
  const first = played.schedule.told.kind === "nothing";
  const mayGo = mustGo(played);
  const { schedule, send, hangUp, wakeAt } = decide(played.schedule, wanted, now);
  if (hangUp) return ask(newConnection(played));
  const lessSince = mayGo ? (played.lessSince ?? now) : undefined;
  const worstLess =
    lessSince === undefined ? played.worstLess : Math.max(played.worstLess, now - lessSince);
  const next = { ...played, schedule, wakeAt, lessSince, worstLess };
  if (send === undefined) return next;
  // Frames of a connection arrive in their order, and so do the answers.
  const arrival = Math.max(now + played.delay, played.arrivals.at(-1) ?? 0);
  const answerAt = Math.max(arrival + played.answerDelay, played.answers.at(-1)?.at ?? 0);
  return {
    ...next,
    sends: [...next.sends, { at: now, what: send.what?.text, first }],
    arrivals: [...next.arrivals, arrival],
    answers: [...next.answers, { at: answerAt, id: send.id }],
    lessSince: undefined,
  };
}

/** Whether Discord was last told more than may be shown now. */
function mustGo({ schedule: { told }, wanted }: Played): boolean {
  return told.kind === "sent" && told.what !== undefined && showsLess(told.what, wanted);
}
