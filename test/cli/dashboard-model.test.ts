import { expect, test } from "bun:test";
import { type Beside, messagesOf, sentOf } from "../../src/cli/dashboard-model.ts";
import type { EngineState } from "../../src/cli/engine.ts";
import { defaultConfig } from "../../src/config/schema.ts";
import type { RoleState } from "../../src/instance/seek.ts";
import type { Config } from "../../src/config/schema.ts";
import { noDelivery } from "../../src/presence/delivery.ts";
import { noSessions } from "../../src/session/session-view.ts";
import type { Message } from "../../src/ui/dashboard/update.ts";

const state: EngineState = {
  list: noSessions,
  discord: {
    discord: "connected",
    reason: "ok",
    client: "stable",
    delivery: { ...noDelivery, sentAt: 5 },
  },
  role: { kind: "publishing", problem: undefined },
  composed: undefined,
  config: { config: defaultConfig, problems: ["a typo"], source: "file" },
};

function messages(given: Partial<EngineState>, beside: Partial<Beside> = {}) {
  const all = messagesOf(
    { ...state, ...given },
    {
      pinned: undefined,
      problems: [],
      preview: ({ privacy }) => ({
        card: undefined,
        level: privacy.level,
        why: [],
        dueAt: undefined,
      }),
      history: { tokensPerMinute: [], activitySeconds: {} },
      instance: { pid: 7, startedAt: 1 },
      ...beside,
    },
  );
  return <T extends Message["type"]>(type: T) =>
    all.find((message): message is Extract<Message, { type: T }> => message.type === type);
}

const roles: readonly (readonly [RoleState, readonly string[]])[] = [
  [{ kind: "publishing", problem: undefined }, []],
  [{ kind: "publishing", problem: "no socket" }, ["Publishing, but no socket"]],
  [{ kind: "waiting", pid: 4, why: "4 is stopped" }, ["The card waits: 4 is stopped"]],
  [{ kind: "off", reason: "read-only" }, ["No card: read-only"]],
  [{ kind: "seeking" }, []],
];

test.each(roles)("the role %p", (role, wanted) => {
  const told = messages({ role }, { problems: ["not saved"] });
  expect(told("config")?.problems).toEqual(["Config: not saved", ...wanted, "Config: a typo"]);
  const instance = { pid: 7, startedAt: 1, mode: "dashboard" };
  expect(told("instance")?.instance).toEqual(role.kind === "publishing" ? instance : undefined);
});

test("what is shown as an age is told to the minute", () => {
  const sentAt = (at: number | undefined) =>
    messages({ discord: { ...state.discord, delivery: { ...noDelivery, sentAt: at } } })("discord")
      ?.discord.sentAt;
  expect(sentAt(179_999)).toBe(120_000);
  expect(sentAt(180_000)).toBe(180_000);
  expect(sentAt(undefined)).toBeUndefined();
});

test("previews are of all levels, as if nobody had paused", () => {
  const asked: Config[] = [];
  const paused = { ...defaultConfig, display: { ...defaultConfig.display, paused: true } };
  const told = messages(
    { config: { config: paused, problems: [], source: "file" } },
    {
      preview: (config) => {
        asked.push(config);
        return { card: undefined, level: config.privacy.level, why: ["x"], dueAt: undefined };
      },
    },
  );
  expect(asked.map(({ privacy, display }) => [privacy.level, display.paused])).toEqual([
    ["hidden", false],
    ["private", false],
    ["project", false],
    ["full", false],
  ]);
  expect(Object.keys(told("previews")?.previews ?? {})).toEqual([
    "hidden",
    "private",
    "project",
    "full",
  ]);
  expect(told("config")?.paused).toBe(true);
  expect(messages({}, { preview: undefined })("previews")).toBeUndefined();
});

test.each([
  [undefined, { answer: "waiting" }],
  [{ kind: "accepted" }, { answer: "accepted" }],
  [
    { kind: "rejected", code: 4000, message: "bad" },
    { answer: "refused", reason: "4000 bad" },
  ],
  [
    { kind: "unanswered", reason: "closed" },
    { answer: "lost", reason: "closed" },
  ],
] as const)("a card with the reply %p", (reply, wanted) => {
  const activity = { type: 0, details: "Thinking", state: "Using Codex", instance: false } as const;
  expect(sentOf({ at: 3, activity, reply })).toEqual({
    at: 3,
    details: "Thinking",
    state: "Using Codex",
    ...wanted,
  });
});
