import { expect, test } from "bun:test";
import { FreshCard } from "../../src/cli/fresh-card.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { Composed } from "../../src/presence/compose.ts";
import type { SessionView } from "../../src/session/session-view.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const sessions = [{ id: "shown" }] as unknown as readonly SessionView[];

/** A card by its first line, and looks that are answered when they are told to. */
function setUp() {
  const clock = new FakeClock();
  const cards: (string | undefined)[] = [];
  const waiting: (() => void)[] = [];
  const state = {
    line: "one" as string | undefined,
    checkedAt: -Infinity,
    failing: false,
    reads: 0,
    rollouts: 0,
  };
  const composed = (): Composed => ({
    card: state.line === undefined ? undefined : { details: state.line },
    level: "full",
    why: [],
    dueAt: undefined,
  });
  const oldIn = ({ card: made }: Composed, notBefore: number) =>
    made === undefined || state.checkedAt >= notBefore ? undefined : sessions;
  const card = new FreshCard({
    clock,
    log: silentLog,
    sources: {
      usedIn: ({ card: made }) => (made === undefined ? [] : sessions),
      staleIn: oldIn,
      oldIn,
      freshen: async () => {
        const at = clock.monotonic();
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (state.failing) throw new Error("a fault");
        state.checkedAt = at;
      },
    },
    draft: composed,
    onCard: (made) => cards.push(made.card?.details),
    onChecked: () => card.make(),
    readConfig: async () => void (state.reads += 1),
    readRollouts: async () => void (state.rollouts += 1),
  });
  const answer = async (): Promise<void> => {
    for (const go of waiting.splice(0)) go();
    await settle();
  };
  return { clock, cards, waiting, state, card, answer };
}

test("a card with news waits for looks that begin after them; one without does not", async () => {
  const { clock, cards, waiting, state, card, answer } = setUp();
  card.make();
  card.make();
  expect([cards, waiting.length]).toEqual([[], 1]);
  await answer();
  expect(cards).toEqual(["one"]);
  clock.advance(1);
  card.make();
  expect([cards, waiting.length]).toEqual([["one", "one"], 0]);
  state.line = "two";
  card.make();
  expect(cards).toEqual(["one", "one"]);
  await answer();
  expect(cards).toEqual(["one", "one", "two"]);
});

test("no card needs no look: what is hidden goes at once", async () => {
  const { cards, waiting, state, card, answer } = setUp();
  card.make();
  await answer();
  state.line = undefined;
  card.make();
  expect([cards, waiting.length]).toEqual([["one", undefined], 0]);
});

test("what a look finds counts for the card that waited for it", async () => {
  const { cards, state, card, answer } = setUp();
  card.make();
  state.line = undefined;
  await answer();
  expect(cards).toEqual([undefined]);
});

test("looks that never are new enough hold a card up for three of them", async () => {
  const { cards, state, card, answer } = setUp();
  state.failing = true;
  card.make();
  await answer();
  await answer();
  expect(cards).toEqual([]);
  await answer();
  expect(cards).toEqual(["one"]);
});

test("what a card was made from is looked at again for some seconds, and then no more", async () => {
  const { clock, cards, waiting, state, card, answer } = setUp();
  card.make();
  await answer();
  let looks = 0;
  for (let second = 0; second < 60; second += 1) {
    clock.advance(500);
    looks += waiting.length;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await answer();
  }
  expect([looks, clock.pending]).toEqual([6, 0]);
  state.line = "two";
  card.make();
  await answer();
  clock.advance(1500);
  state.line = undefined;
  await answer();
  expect(cards.at(-1)).toBeUndefined();
  expect(clock.pending).toBe(0);
});

test("after its end nothing is looked at, and no card is made", async () => {
  const { clock, cards, card, answer } = setUp();
  card.make();
  card[Symbol.dispose]();
  await answer();
  expect([cards, clock.pending]).toEqual([[], 0]);
});

test("after a card that could not be made any is new", async () => {
  const { clock, waiting, card, answer } = setUp();
  card.make();
  await answer();
  clock.advance(1);
  card.forget();
  card.make();
  expect(waiting).toHaveLength(1);
});

test("before it goes out a card is looked at again, unless that was done a second ago", async () => {
  const { clock, cards, waiting, state, card, answer } = setUp();
  card.make();
  await answer();
  // The config has to be as it is since the news.
  await card.recheck();
  expect([card.recheck(), state.reads, state.rollouts]).toEqual([undefined, 1, 0]);
  clock.advance(1000);
  expect(card.recheck()).toBeUndefined();
  clock.advance(1);
  const rechecked = card.recheck();
  expect([card.recheck(), state.reads, state.rollouts]).toEqual([rechecked, 2, 1]);
  await settle();
  state.line = undefined;
  expect([cards, waiting.length]).toEqual([["one"], 1]);
  await answer();
  await rechecked;
  expect(cards).toEqual(["one", undefined]);
});

test("a card that is not what is known now waits for the one that is", async () => {
  const { cards, state, card, answer } = setUp();
  card.make();
  await answer();
  state.line = "two";
  const rechecked = card.recheck();
  await settle();
  await answer();
  await rechecked;
  expect([cards, card.recheck()]).toEqual([["one", "two"], undefined]);
});

test("after a sleep of the machine looks are old, though the monotonic clock stood still", async () => {
  const { clock, cards, waiting, state, card, answer } = setUp();
  card.make();
  await answer();
  await card.recheck();
  clock.jumpWall(999);
  expect(card.recheck()).toBeUndefined();
  clock.jumpWall(8 * 3_600_000);
  const rechecked = card.recheck();
  await settle();
  expect(waiting).toHaveLength(1);
  await answer();
  await rechecked;
  expect(card.recheck()).toBeUndefined();
  clock.jumpWall(8 * 3_600_000);
  state.line = "two";
  card.make();
  expect([cards.at(-1), waiting.length]).toEqual(["one", 1]);
  await answer();
  expect(cards.at(-1)).toBe("two");
});

test("looks that never are new enough hold up what goes out for twelve of them", async () => {
  const { clock, cards, state, card, answer } = setUp();
  card.make();
  await answer();
  clock.advance(1001);
  state.failing = true;
  let isOver = false;
  void card.recheck()?.then(() => (isOver = true));
  await settle();
  for (let looks = 0; looks < 12; looks += 1) {
    expect(isOver).toBe(false);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await answer();
  }
  expect([isOver, new Set(cards)]).toEqual([true, new Set(["one"])]);
});
