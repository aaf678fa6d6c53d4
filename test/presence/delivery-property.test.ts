import { beforeAll, expect, test } from "bun:test";
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
} from "fast-check";
import { readPresence, presenceJson } from "../../src/cli/presence-json.ts";
import { reportJson } from "../../src/ui/report-json.ts";
import type { EngineState } from "../../src/cli/engine.ts";
import { defaultConfig } from "../../src/config/schema.ts";
import { isDeepStrictEqual } from "node:util";
import type { Publisher } from "../../src/presence/publisher.ts";
import { noSessions } from "../../src/session/session-view.ts";
import { settle } from "../support/fake-clock.ts";
import { DiscordScene, loadPackage } from "../support/discord-scene.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";

beforeAll(loadPackage);

const steps = array(
  record({
    details: constantFrom("Thinking", "Reading", "Running", "Waiting", undefined),
    attention: oneof({ weight: 4, arbitrary: constantFrom(undefined) }, nat(100).map(String)),
    privacy: constantFrom("1", "2"),
    starting: integer({ min: 0, max: 5 }).map((dice) => dice === 0),
    wait: oneof(nat(300), nat(5000), nat(25_000)),
    arrivalDelay: oneof({ weight: 3, arbitrary: constantFrom(0) }, nat(3000)),
    hangUp: integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  }),
  { maxLength: 25 },
);

test("whatever the schedule, status equals the socket's record", async () => {
  await assert(
    asyncProperty(steps, async (given) => {
      await using scene = DiscordScene.withFakeClock();
      const discord = await scene.discord();
      const publisher = scene.publisher();
      for (const { details, wait, arrivalDelay, hangUp, ...about } of given) {
        discord.faults.arrivalDelay = arrivalDelay;
        if (hangUp) discord.hangUp();
        publisher.publish(details === undefined ? undefined : { details }, about);
        await agree(discord, publisher, details);
        await scene.clock.run(wait, 500);
        await agree(discord, publisher, details);
      }
      discord.faults.arrivalDelay = 0;
      await scene.clock.run(120_000, 1000);
      const last = given.at(-1)?.details;
      expect(discord.visible?.["details"]).toBe(last);
      const { pending, acknowledged } = publisher.state.delivery;
      expect(pending).toBeUndefined();
      if (last !== undefined) expect(acknowledged).toBe(true);
      expect(discord.updates.filter(({ fate }) => fate !== "shown")).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

/** What was sent is under way for some turns of the event loop; no time passes meanwhile. */
async function agree(discord: FakeDiscord, publisher: Publisher, wanted: string | undefined) {
  const both = () => [statusOf(publisher, wanted), recordOf(discord, publisher, wanted)] as const;
  for (let turn = 0; turn < 20 && !isDeepStrictEqual(...both()); turn += 1) await settle();
  const [status, received] = both();
  expect(status).toEqual(received);
}

/** `card` and `payload` of `cdp status --json`, and what waits. */
function statusOf({ state: discord }: Publisher, wanted: string | undefined) {
  const state: EngineState = {
    list: noSessions,
    discord,
    role: { kind: "publishing", problem: undefined },
    composed: undefined,
    config: { config: defaultConfig, problems: [], source: "absent" },
  } as const;
  const running = { pid: 1, mode: "headless", startedAt: "", version: "" } as never;
  const presence = readPresence({ kind: "answered", value: presenceJson(state), running })!;
  const report = { instance: { state: "not_running" }, list: noSessions, problems: [] } as const;
  const json = JSON.parse(reportJson({ ...report, presence })).presence;
  const shown = json.card?.details;
  return {
    card: shown,
    payload: json.payload?.details,
    waits: json.pending?.card === null ? "no card" : json.pending?.card.details,
    isWanted: (json.pending ?? json).card?.details === wanted,
  };
}

/** The same by what came out of the socket of the connection that is open. */
function recordOf(discord: FakeDiscord, publisher: Publisher, wanted: string | undefined) {
  const isOpen = publisher.state.client !== undefined;
  const frames = discord.frames.filter(
    ({ op, connection }) => op === 1 && isOpen && connection === discord.accepted,
  );
  const last = frames.at(-1)?.data as {
    readonly args: { readonly activity?: { details: string } };
  };
  const card = last?.args.activity?.details;
  return {
    card,
    payload: card,
    waits: card === wanted ? undefined : (wanted ?? "no card"),
    isWanted: true,
  };
}
