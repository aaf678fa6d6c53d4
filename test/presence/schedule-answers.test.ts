import { describe, expect, test } from "bun:test";
import { agesOfAll, olderBy } from "../../src/presence/places.ts";
import {
  answered,
  decide,
  defaultLimits,
  emptySchedule,
  farewell,
  inherit,
  pendingOf,
  sendAges,
  type Schedule,
  type Wanted,
} from "../../src/presence/schedule.ts";
import { frameOf } from "../support/frames.ts";

const privately = (text: string) => frameOf(text, { privacy: "private" });
const clear = undefined;

describe("answers", () => {
  test("a send counts from its answer: Discord counts it when it arrives", () => {
    let schedule = [0, 4000, 8000].reduce(
      (before, now) => decide(before, frameOf(`card ${now}`), now).schedule,
      emptySchedule,
    );
    for (const id of [1, 2, 3]) schedule = answered(schedule, id, 10_000, "accepted");
    const wanted = frameOf("next");
    expect(decide(schedule, wanted, 20_300).wakeAt).toBe(10_000 + defaultLimits.window);
    expect(decide(schedule, wanted, 10_000 + defaultLimits.window).send?.what).toBe(wanted);
  });

  test("without an answer a send counts as if it arrived now", () => {
    const schedule = [0, 4000, 8000].reduce(
      (before, now) => decide(before, frameOf(`card ${now}`), now).schedule,
      emptySchedule,
    );
    const decision = decide(schedule, frameOf("next"), 60_000);
    expect(decision).toMatchObject({ send: undefined, wakeAt: 60_000 + defaultLimits.window });
  });

  test("a clear that is not answered is sent again, each time after twice the wait", () => {
    const sends = unansweredSends(frameOf("a"), clear);
    expect(sends).toEqual([0, 1000, 3000, 7000]);
  });

  test("so is a card that shows less, as long as the fifth place stays free", () => {
    const sends = unansweredSends(frameOf("a"), privately("b"));
    expect(sends).toEqual([0, 1000, 3000]);
  });

  test("one that is answered is not", () => {
    const first = decide(emptySchedule, frameOf("a"), 0).schedule;
    const { schedule } = decide(answered(first, 1, 0, "accepted"), clear, 0);
    expect(decide(answered(schedule, 2, 5, "accepted"), clear, 1000).wakeAt).toBe(15_000);
  });

  test("a card that shows less and is refused becomes a clear, and stays one", () => {
    const first = answered(decide(emptySchedule, frameOf("a"), 0).schedule, 1, 0, "accepted");
    const less = privately("b");
    const refused = answered(decide(first, less, 0).schedule, 2, 1, "rejected");
    const cleared = decide(refused, less, 1);
    expect(cleared.send).toEqual({ what: undefined, id: 3 });
    const after = answered(cleared.schedule, 3, 2, "accepted");
    expect(decide(after, less, 2).send).toBeUndefined();
    expect(pendingOf(after, less, 2)).toBeUndefined();
    expect(decide(after, privately("c"), 21_000).send?.what?.activity.details).toBe("c");
  });

  test("only what may still be shown counts: a newer card that was taken ends an older one", () => {
    const first = answered(decide(emptySchedule, frameOf("a"), 0).schedule, 1, 0, "accepted");
    const less = decide(first, privately("b"), 1000);
    expect(less.send?.what?.activity.details).toBe("b");
    expect(decide(less.schedule, privately("c"), 1100).send?.what?.activity.details).toBe("c");
    const taken = answered(less.schedule, 2, 1010, "accepted");
    expect(decide(taken, privately("c"), 1100).wakeAt).toBe(1000 + defaultLimits.gap);
  });

  test("the same card under another privacy is what the next one is compared with", () => {
    const first = answered(decide(emptySchedule, frameOf("a"), 0).schedule, 1, 0, "accepted");
    const same = decide(first, privately("a"), 100);
    expect(same.send).toBeUndefined();
    expect(decide(same.schedule, privately("b"), 200).wakeAt).toBe(defaultLimits.gap);
  });

  test("one that shows as much and is refused leaves what is shown", () => {
    const first = answered(decide(emptySchedule, frameOf("a"), 0).schedule, 1, 0, "accepted");
    const refused = answered(decide(first, frameOf("b"), 5000).schedule, 2, 5001, "rejected");
    expect(decide(refused, frameOf("b"), 60_000)).toMatchObject({ send: undefined });
    // What may be shown is still the first: less than that may not wait.
    expect(decide(refused, frameOf("b", { privacy: "private" }), 6000).send).toMatchObject({
      what: undefined,
    });
  });
});

describe("no place left", () => {
  const full = [1, 2, 3, 4, 5].map((at) => 1000 * at);
  const shown: Schedule = decide(inherit([], 0), frameOf("a"), 0).schedule;
  const schedule = { ...shown, sends: inherit(full, 10_000).sends };

  test("a card that must go, goes with its connection", () => {
    expect(decide(schedule, undefined, 10_000)).toMatchObject({ send: undefined, hangUp: true });
    expect(decide(schedule, privately("b"), 10_000)).toMatchObject({ hangUp: true });
    expect(decide(schedule, frameOf("b"), 10_000)).toMatchObject({ hangUp: false });
  });

  test("within a second a place is waited for", () => {
    const due = 10_000 - 5000 + defaultLimits.window;
    expect(decide(schedule, undefined, due - 1000)).toMatchObject({ hangUp: false, wakeAt: due });
    expect(decide(schedule, undefined, due - 1001)).toMatchObject({ hangUp: true });
  });

  test("there is no farewell then", () => {
    expect(farewell(schedule, 10_000)).toBeUndefined();
    expect(farewell(schedule, 10_000 - 5000 + defaultLimits.window)?.sends).toHaveLength(5);
  });
});

describe("what waits", () => {
  test("is the newest, with the moment at which it is due", () => {
    const { schedule } = decide(emptySchedule, frameOf("a"), 0);
    const next = frameOf("b");
    expect(pendingOf(schedule, next, 1000)).toEqual({ what: next, due: 3500 });
    expect(pendingOf(schedule, frameOf("a"), 1000)).toBeUndefined();
    expect(pendingOf(emptySchedule, undefined, 1000)).toBeUndefined();
  });
});

describe("inheriting", () => {
  test("what the last publisher sent still counts", () => {
    const before = [0, 4000, 8000].reduce<Schedule>((schedule, now, i) => {
      const next = decide(schedule, frameOf(`card ${now}`), now).schedule;
      return answered(next, i + 1, now, "accepted");
    }, emptySchedule);
    const ages = sendAges(before, 13_000);
    expect(ages).toEqual([13_000, 9000, 5000]);
    const after = inherit(ages, 500_000);
    const mine = frameOf("mine");
    expect(decide(after, mine, 500_000).send).toBeUndefined();
    expect(decide(after, mine, 500_000).wakeAt).toBe(500_000 - 13_000 + defaultLimits.window);
  });

  test("a clear takes no place from the cards of the next publisher", () => {
    const card = decide(emptySchedule, frameOf("a"), 0).schedule;
    const cleared = farewell(answered(card, 1, 0, "accepted"), 100)!;
    const ages = sendAges(answered(cleared, 2, 100, "accepted"), 200);
    expect(ages).toEqual([200, [100, "less"]]);
    const first = decide(inherit(ages, 1000), frameOf("b"), 1000).schedule;
    expect(decide(first, frameOf("c"), 4500).send).toBeDefined();
    // Of a purpose that is not known it is not known that it took no place.
    const unknown = inherit([200, [100, "news"]], 1000);
    const next = decide(unknown, frameOf("b"), 1000).schedule;
    expect(decide(next, frameOf("c"), 4500).send).toBeUndefined();
  });

  test("of several Discords the one that was sent most counts", () => {
    const all = agesOfAll([[9000, [500, "less"]], [[700, "less"]]]);
    expect(all).toEqual([9000, [500, "less"]]);
    expect(agesOfAll([[[500, "less"]], [700]])).toEqual([500]);
    expect(agesOfAll([])).toEqual([]);
    expect(olderBy([500, "less"], 5)).toEqual([505, "less"]);
  });

  test("what was not answered yet is of no age", () => {
    const before = decide(emptySchedule, frameOf("a"), 0).schedule;
    expect(sendAges(before, 13_000)).toEqual([0]);
  });

  test("ages that make no sense only make it more careful", () => {
    const ages = [Number.NaN, -5, Number.POSITIVE_INFINITY, 1e9];
    expect(inherit(ages, 1000).sends.map(({ arrived }) => arrived)).toEqual([1000, 1000, 1000]);
    expect(
      inherit(
        Array.from({ length: 1000 }, () => 1),
        1000,
      ).sends,
    ).toHaveLength(5);
  });
});

/** Moments at which the second card is sent, after the first, with no answer but to the first. */
function unansweredSends(first: Wanted, second: Wanted): readonly number[] {
  let schedule = answered(decide(emptySchedule, first, 0).schedule, 1, 0, "accepted");
  const sends: number[] = [];
  for (let now = 0; now < 19_000; now += 100) {
    const decision = decide(schedule, second, now);
    schedule = decision.schedule;
    if (decision.send !== undefined) sends.push(now);
  }
  return sends;
}
