import { expect, setDefaultTimeout, test } from "bun:test";
import { announcer } from "../support/announcer-program.ts";
import { cdp, detailsOf, openStage, type Stage } from "./stage.ts";

setDefaultTimeout(90_000);

// A program in Codex's place says what it does when a key is pressed, as often as the test likes.

const rest = "Waiting for input";

/** Ordinary changes as fast as cards go, until one has to wait for its place. */
async function spendOrdinaryPlaces({ terminal, friend, discord }: Stage): Promise<void> {
  await terminal.waitForText(/Announcer/);
  await friend.sees(rest);
  for (const [key, card] of [
    ["w", "Thinking"],
    ["i", rest],
  ] as const) {
    terminal.type(key);
    await friend.sees(card);
  }
  expect(discord.updates).toHaveLength(3);
  terminal.type("w");
}

/** `cdp status --json`, as a program reads it. */
async function presenceOf({ home }: Stage): Promise<Presence> {
  const child = Bun.spawn([cdp, "status", "--json"], { env: home.env, stdout: "pipe" });
  return JSON.parse(await new Response(child.stdout).text()).presence;
}

interface Presence {
  readonly card: { readonly details: string } | null;
  readonly payload: unknown;
  readonly acknowledged: boolean | null;
  readonly last_sent_at: string;
  readonly pending: {
    readonly card: { readonly details: string } | null;
    readonly payload: { readonly details: string } | null;
    readonly due_at: string;
  } | null;
}

/** Asks until `cdp status` says so: the publisher hears of a key some ms later. */
async function statusSays(
  stage: Stage,
  what: string,
  isSo: (presence: Presence) => boolean,
): Promise<Presence> {
  const end = performance.now() + 20_000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const presence = await presenceOf(stage);
    if (isSo(presence)) return presence;
    if (performance.now() > end) throw new Error(`${what}: ${JSON.stringify(presence)}`);
  }
}

test("what waits is not told as sent; an approval comes at once, and a pause after it", async () => {
  await using stage = await openStage({ program: announcer });
  const { terminal, friend, discord, home } = stage;
  await spendOrdinaryPlaces(stage);

  const waits = await statusSays(stage, "a card waits", ({ pending }) => pending !== null);
  expect(waits.pending).toMatchObject({
    card: { details: "Thinking" },
    payload: { details: "Thinking" },
  });
  const due = Date.parse(waits.pending!.due_at) - Date.now();
  expect(due).toBeGreaterThan(0);
  expect(due).toBeLessThanOrEqual(20_250);
  expect(waits).toMatchObject({ card: { details: rest }, acknowledged: true });
  expect(waits.payload).toEqual(discord.visible);
  const [before, last] = discord.updates.slice(-2).map(({ at }) => at);
  expect(Date.parse(waits.last_sent_at)).toBeWithin(Math.floor(before!), Math.ceil(last!) + 1);

  terminal.type("b");
  await friend.sees("Waiting for approval");
  expect(discord.updates.at(-1)!.at).toBeLessThan(Date.parse(waits.pending!.due_at));
  const asked = await statusSays(
    stage,
    "the approval",
    ({ acknowledged }) => acknowledged === true,
  );
  expect(asked).toMatchObject({ card: { details: "Waiting for approval" }, pending: null });
  expect(asked.payload).toEqual(discord.visible);

  const pause = Bun.spawn([cdp, "pause"], { env: home.env, stdout: "ignore" });
  await friend.sees("-");
  expect(await pause.exited).toBe(0);
  const paused = await statusSays(stage, "the clear", ({ acknowledged }) => acknowledged === true);
  expect(paused).toMatchObject({ card: null, payload: null, pending: null });
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(discord.updates.map(({ fate }) => fate)).toEqual(Array(5).fill("shown"));
});

test("a card that was taken away, which Discord does not answer, may still be shown: told so", async () => {
  await using stage = await openStage({ program: announcer });
  const { terminal, friend, discord, home } = stage;
  await terminal.waitForText(/Announcer/);
  await friend.sees(rest);
  discord.faults.reply = "none";
  await Bun.spawn([cdp, "pause"], { env: home.env, stdout: "ignore" }).exited;
  const gone = await statusSays(stage, "no answer", ({ acknowledged }) => acknowledged === false);
  expect(gone).toMatchObject({ card: null, payload: null });
  const why = Bun.spawn([cdp, "why"], { env: home.env, stdout: "pipe" });
  expect(await new Response(why.stdout).text()).toMatch(/^Cleared .* Discord has not taken it/);
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
});

test("once places are free the newest state is sent, and nothing that has passed", async () => {
  await using stage = await openStage({ program: announcer });
  const { terminal, friend, discord } = stage;
  await spendOrdinaryPlaces(stage);
  terminal.type("b");
  await friend.sees("Waiting for approval");
  terminal.type("wiw");
  await friend.sees("Thinking", 25_000);
  expect(discord.updates.map(({ activity }) => detailsOf(activity))).toEqual([
    rest,
    "Thinking",
    rest,
    "Waiting for approval",
    "Thinking",
  ]);
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
  await friend.sees("-");
  expect(new Set(discord.updates.map(({ fate }) => fate))).toEqual(new Set(["shown"]));
});
