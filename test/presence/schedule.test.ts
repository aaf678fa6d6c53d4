import { describe, expect, test } from "bun:test";
import {
  answered,
  decide,
  emptySchedule,
  reconnected,
  type Wanted,
} from "../../src/presence/schedule.ts";
import { frameOf } from "../support/frames.ts";

const newConnection = Symbol("new connection");

/** At `at` seconds a card is wanted, or the connection is a new one. */
type Step = readonly [at: number, want: Wanted | string | typeof newConnection];
/** A send, in seconds; `-` is no card. */
type Send = readonly [at: number, what: string];

const approval = (name = "approval") => frameOf(name, { attention: name });
const privately = (text: string) => frameOf(text, { privacy: "private" });

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
    steps: [0, 1, 2].map((at): Step => [at, "a"]),
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
    name: "the fourth card in 20 s waits for the first to leave the window, then the newest goes",
    steps: Array.from({ length: 5 }, (_, at): Step => [at * 4, `card ${at}`]),
    sends: [
      [0, "card 0"],
      [4, "card 1"],
      [8, "card 2"],
      [20.25, "card 4"],
      [35.25, "card 4"],
    ],
  },
  {
    name: "after four cards within 15 s an approval reaches the card at once",
    steps: [...[0, 4, 8, 12].map((at): Step => [at, `card ${at}`]), [15, approval()]],
    sends: [
      [0, "card 0"],
      [4, "card 4"],
      [8, "card 8"],
      [15, "approval"],
      [30, "approval"],
    ],
  },
  {
    name: "the rest between ordinary changes holds no attention up, and no end of one",
    steps: [
      [0, "a"],
      [0.5, approval()],
      [1, "b"],
    ],
    sends: [
      [0, "a"],
      [0.5, "approval"],
      [1, "b"],
      [16, "b"],
    ],
  },
  {
    name: "the start of an attention takes no place from its end",
    steps: [
      [0, "a"],
      [4, "b"],
      [8, approval()],
      [9, "c"],
      [13, "d"],
    ],
    sends: [
      [0, "a"],
      [4, "b"],
      [8, "approval"],
      [9, "c"],
      [20.25, "d"],
      [35.25, "d"],
    ],
  },
  {
    name: "what else changes in a card of an attention is an ordinary change",
    steps: [
      [0, approval()],
      [1, frameOf("approval, 2 tokens", { attention: "approval" })],
    ],
    sends: [
      [0, "approval"],
      [3.5, "approval, 2 tokens"],
      [18.5, "approval, 2 tokens"],
    ],
  },
  {
    name: "a second approval needs no rest, a fifth finds no place",
    steps: Array.from({ length: 5 }, (_, at): Step => [at, approval(`approval ${at}`)]),
    sends: [
      [0, "approval 0"],
      [1, "approval 1"],
      [2, "approval 2"],
      [3, "approval 3"],
      [20.25, "approval 4"],
      [35.25, "approval 4"],
    ],
  },
  {
    name: "a clear goes at once, also after four cards, and is repeated once",
    steps: [
      ...[0, 4, 8].map((at): Step => [at, `card ${at}`]),
      [12, approval()],
      [12.5, undefined],
    ],
    sends: [
      [0, "card 0"],
      [4, "card 4"],
      [8, "card 8"],
      [12, "approval"],
      [12.5, "-"],
      [27.5, "-"],
    ],
  },
  {
    name: "a card that shows less goes at once, also after four cards",
    steps: [
      ...[0, 4, 8].map((at): Step => [at, `card ${at}`]),
      [12, approval()],
      [12.5, privately("less")],
    ],
    sends: [
      [0, "card 0"],
      [4, "card 4"],
      [8, "card 8"],
      [12, "approval"],
      [12.5, "less"],
      [27.5, "less"],
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
      [1, "-"],
      [1.5, "a"],
      [16.5, "a"],
    ],
  },
  {
    name: "after a pause and a resume an approval still has its place",
    steps: [
      ...[0, 4, 8].map((at): Step => [at, `card ${at}`]),
      [9, undefined],
      [10, "again"],
      [11, approval()],
    ],
    sends: [
      [0, "card 0"],
      [4, "card 4"],
      [8, "card 8"],
      [9, "-"],
      [11, "approval"],
      [26, "approval"],
    ],
  },
  {
    name: "pausing again and again never leaves a card that cannot be cleared at once",
    steps: Array.from({ length: 10 }, (_, at): Step => [at, at % 2 === 0 ? "a" : undefined]),
    sends: [
      [0, "a"],
      [1, "-"],
      [2, "a"],
      [3, "-"],
      // The card of second 4 finds no place, and second 9 wants it no more.
      [20.25, "-"],
    ],
  },
  {
    name: "starting up is no card for two seconds, and none if something else comes",
    steps: [
      [0, { ...frameOf("Starting up"), notBefore: 2000 }],
      [1.5, "Waiting for input"],
    ],
    sends: [
      [1.5, "Waiting for input"],
      [16.5, "Waiting for input"],
    ],
  },
  {
    name: "starting up for longer than that is a card",
    steps: [[0, { ...frameOf("Starting up"), notBefore: 2000 }]],
    sends: [
      [2, "Starting up"],
      [17, "Starting up"],
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
      [1, "-"],
    ],
  },
];

describe("what is sent, and when", () => {
  for (const { name, steps, sends } of table) {
    test(name, () => expect(play(steps, 60)).toEqual([...sends]));
  }
});

/**
 * Plays the steps as the publisher would, waking when told to, until `end` (seconds). Discord
 * answers at once.
 */
function play(steps: readonly Step[], end: number): readonly Send[] {
  const sends: Send[] = [];
  let schedule = emptySchedule;
  let wanted: Wanted;
  let wakeAt: number | undefined;
  const ask = (now: number): void => {
    const { send, ...decision } = decide(schedule, wanted, now);
    ({ schedule, wakeAt } = decision);
    expect(decision.hangUp).toBe(false);
    if (send === undefined) return;
    sends.push([now / 1000, send.what?.activity.details ?? "-"]);
    schedule = answered(schedule, send.id, now, "accepted");
    wakeAt = decide(schedule, wanted, now).wakeAt;
  };
  const wakeUntil = (limit: number): void => {
    while (wakeAt !== undefined && wakeAt <= limit) ask(wakeAt);
  };
  for (const [at, want] of steps) {
    wakeUntil(at * 1000);
    if (want === newConnection) schedule = reconnected(schedule, at * 1000);
    else wanted = typeof want === "string" ? frameOf(want) : want;
    ask(at * 1000);
  }
  wakeUntil(end * 1000);
  return sends;
}
