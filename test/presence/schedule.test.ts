import { describe, expect, test } from "bun:test";
import {
  decide,
  defaultLimits,
  emptySchedule,
  inherit,
  reconnected,
  sendAges,
  type Schedule,
  type Wanted,
} from "../../src/presence/schedule.ts";

const newConnection = Symbol("new connection");

/** At `at` seconds somebody wants `want`, or the connection is a new one. */
type Step = readonly [at: number, want: Wanted | typeof newConnection];
/** A send, in seconds. */
type Send = readonly [at: number, what: Wanted];

const table: readonly {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly sends: readonly Send[];
}[] = [
  { name: "nothing wanted, nothing sent", steps: [[0, undefined]], sends: [] },
  {
    name: "a card goes at once and is repeated once, 15 s later",
    steps: [[1, "a"]],
    sends: [
      [1, "a"],
      [16, "a"],
    ],
  },
  {
    name: "an equal card is not sent again",
    steps: [
      [0, "a"],
      [1, "a"],
      [2, "a"],
    ],
    sends: [
      [0, "a"],
      [15, "a"],
    ],
  },
  {
    name: "eight tool events in three seconds send two frames, the second is the latest",
    steps: Array.from({ length: 8 }, (_, at): Step => [at * (3 / 7), `tool ${at}`]),
    sends: [
      [0, "tool 0"],
      [3.5, "tool 7"],
      [18.5, "tool 7"],
    ],
  },
  {
    name: "a change back within the rest sends nothing new",
    steps: [
      [0, "a"],
      [1, "b"],
      [2, "a"],
    ],
    sends: [
      [0, "a"],
      [15, "a"],
    ],
  },
  {
    name: "the fifth card in 20 s waits for the first to leave the window",
    steps: Array.from({ length: 5 }, (_, at): Step => [at * 4, `card ${at}`]),
    sends: [
      [0, "card 0"],
      [4, "card 1"],
      [8, "card 2"],
      [12, "card 3"],
      [20.25, "card 4"],
      [35.25, "card 4"],
    ],
  },
  {
    name: "a clear goes at once, also after four cards, and is repeated once",
    steps: [...[0, 4, 8, 12].map((at): Step => [at, `card ${at}`]), [12.5, undefined]],
    sends: [
      [0, "card 0"],
      [4, "card 4"],
      [8, "card 8"],
      [12, "card 12"],
      [12.5, undefined],
      [27.5, undefined],
    ],
  },
  {
    name: "after a clear a card goes without a rest",
    steps: [
      [0, "a"],
      [1, undefined],
      [1.5, "a"],
    ],
    sends: [
      [0, "a"],
      [1, undefined],
      [1.5, "a"],
      [16.5, "a"],
    ],
  },
  {
    name: "pausing again and again never leaves a card that cannot be cleared at once",
    steps: Array.from({ length: 10 }, (_, at): Step => [at, at % 2 === 0 ? "a" : undefined]),
    sends: [
      [0, "a"],
      [1, undefined],
      [2, "a"],
      [3, undefined],
      // Four are spent: the card of second 4 waits, and second 9 wants it no more.
      [18, undefined],
    ],
  },
  {
    name: "a new connection gets the card again at once, within the limit",
    steps: [
      [0, "a"],
      [5, newConnection],
    ],
    sends: [
      [0, "a"],
      [5, "a"],
      [20, "a"],
    ],
  },
  {
    name: "a new connection needs no clear",
    steps: [
      [0, "a"],
      [1, undefined],
      [2, newConnection],
    ],
    sends: [
      [0, "a"],
      [1, undefined],
    ],
  },
];

describe("what is sent, and when", () => {
  for (const { name, steps, sends } of table) {
    test(name, () => expect(play(steps, 60)).toEqual([...sends]));
  }
});

describe("inheriting", () => {
  test("what the last publisher sent still counts", () => {
    const before = [0, 4000, 8000, 12_000].reduce<Schedule>(
      (schedule, now) => decide(schedule, `card ${now}`, now).schedule,
      emptySchedule,
    );
    const ages = sendAges(before, 13_000);
    expect(ages).toEqual([13_000, 9000, 5000, 1000]);
    const after = inherit(ages, 500_000);
    expect(decide(after, "mine", 500_000).send).toBeUndefined();
    expect(decide(after, "mine", 500_000).wakeAt).toBe(500_000 - 13_000 + defaultLimits.window);
  });

  test("ages that make no sense only make it more careful", () => {
    const ages = [Number.NaN, -5, Number.POSITIVE_INFINITY, 1e9];
    expect(inherit(ages, 1000).sends).toEqual([1000, 1000, 1000]);
    expect(
      inherit(
        Array.from({ length: 1000 }, () => 1),
        1000,
      ).sends,
    ).toHaveLength(5);
  });
});

/** Plays the steps as the publisher would, waking when told to, until `end` (seconds). */
function play(steps: readonly Step[], end: number): readonly Send[] {
  const sends: Send[] = [];
  let schedule = emptySchedule;
  let wanted: Wanted;
  let wakeAt: number | undefined;
  const ask = (now: number): void => {
    const decision = decide(schedule, wanted, now);
    ({ schedule, wakeAt } = decision);
    if (decision.send !== undefined) sends.push([now / 1000, decision.send.what]);
  };
  const wakeUntil = (limit: number): void => {
    while (wakeAt !== undefined && wakeAt <= limit) ask(wakeAt);
  };
  for (const [at, want] of steps) {
    wakeUntil(at * 1000);
    if (want === newConnection) schedule = reconnected(schedule);
    else wanted = want;
    ask(at * 1000);
  }
  wakeUntil(end * 1000);
  return sends;
}
