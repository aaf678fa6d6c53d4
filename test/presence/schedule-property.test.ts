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
import {
  decide,
  emptySchedule,
  reconnected,
  type Schedule,
  type Wanted,
} from "../../src/presence/schedule.ts";

interface Send {
  readonly at: number;
  readonly what: Wanted;
  /** First send of this connection. */
  readonly first: boolean;
}

interface Played {
  readonly sends: readonly Send[];
  readonly schedule: Schedule;
  readonly wanted: Wanted;
  /** Moments at which a shown card was to be cleared and was not, at once. */
  readonly lateClears: number;
  /** Cards that were wanted after a quiet time and did not go at once. */
  readonly lateEdges: number;
}

const wants = oneof(
  { weight: 6, arbitrary: constantFrom("a", "b", "c", "d") },
  { weight: 2, arbitrary: constant(undefined) },
);
const steps = array(
  record({
    wait: oneof(nat(400), nat(6000), nat(40_000)),
    want: wants,
    reconnect: integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  }),
  { maxLength: 60 },
);

test("whatever is wanted and however often, every window keeps Discord's limit", () => {
  assert(
    property(steps, (given) => {
      const { sends } = play(given);
      for (const [index, send] of sends.entries()) {
        const window = sends.slice(0, index + 1).filter(({ at }) => at > send.at - 20_000);
        expect(window.length).toBeLessThanOrEqual(send.what === undefined ? 5 : 4);
      }
    }),
  );
});

test("whatever was wanted last is what Discord was told last", () => {
  assert(
    property(steps, (given) => {
      const { schedule, wanted } = play(given);
      const { told } = schedule;
      expect(told.kind === "sent" ? told.what : undefined).toBe(wanted);
    }),
  );
});

test("an equal frame follows only once, 15 s or more after the change", () => {
  assert(
    property(steps, (given) => {
      const { sends } = play(given);
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

test("a shown card is cleared at once, and a card after a quiet time goes at once", () => {
  assert(
    property(steps, (given) => {
      const { lateClears, lateEdges } = play(given);
      expect({ lateClears, lateEdges }).toEqual({ lateClears: 0, lateEdges: 0 });
    }),
  );
});

function play(
  given: readonly { readonly wait: number; readonly want: Wanted; readonly reconnect: boolean }[],
): Played {
  const sends: Send[] = [];
  let schedule = emptySchedule;
  let now = 0;
  let wanted: Wanted;
  let wakeAt: number | undefined;
  let lateClears = 0;
  let lateEdges = 0;
  const ask = (): void => {
    const first = schedule.told.kind === "nothing";
    const decision = decide(schedule, wanted, now);
    ({ schedule, wakeAt } = decision);
    if (decision.send !== undefined) sends.push({ at: now, what: decision.send.what, first });
  };
  const wakeUntil = (limit: number): void => {
    while (wakeAt !== undefined && wakeAt <= limit) {
      now = Math.max(now, wakeAt);
      ask();
    }
    now = limit;
  };
  for (const { wait, want, reconnect } of given) {
    wakeUntil(now + wait);
    if (reconnect) schedule = reconnected(schedule);
    const { told } = schedule;
    const shown = told.kind === "sent" ? told.what : undefined;
    const quiet = (sends.at(-1)?.at ?? -Infinity) < now - 21_000;
    wanted = want;
    const before = sends.length;
    ask();
    if (want === undefined && shown !== undefined && sends.length === before) lateClears += 1;
    if (want !== undefined && want !== shown && quiet && sends.length === before) lateEdges += 1;
  }
  wakeUntil(now + 120_000);
  return { sends, schedule, wanted, lateClears, lateEdges };
}
