import { expect, test } from "bun:test";
import { createRolloutReader } from "../../src/codex/events.ts";
import { costOf } from "../../src/session/cost.ts";
import { uuid7 } from "./simulated-codex.ts";
import { encoder, event, timestamp, type Line } from "./lines.ts";

const thread = "019e5117-c673-7660-b218-af0489416e0f";
const head = (more: object = {}): Line => ["session_meta", { id: thread, ...more }];
const context = (model: string): Line => ["turn_context", { turn_id: "t", model }];
const tier = (name: string | null): Line =>
  event("thread_settings_applied", { thread_settings: { model: "gpt-5.5", service_tier: name } });
const started = (turn: string, more: object = {}): Line =>
  event("task_started", { turn_id: turn, ...more });
const settings = (thread_settings: object): Line =>
  event("thread_settings_applied", { thread_settings });
const foreignHead: Line = ["session_meta", { id: "019e5155-b507-7d83-8c3d-9ecee5f93f12" }];
const reply = event("agent_message", { message: "so" });
const done = event("task_complete", { turn_id: "t" });
const prompt = event("user_message", { message: "go" });
const count = (total: number, last: number | undefined, more: object = {}): Line => {
  const usage = (input_tokens: number) => ({ input_tokens, output_tokens: 0 });
  const info = {
    total_token_usage: usage(total),
    last_token_usage: last === undefined ? null : usage(last),
  };
  return event("token_count", { info, ...more });
};

/** Lines one second apart. */
function costOfLines(lines: readonly Line[], apart = 1000, name = thread) {
  const reader = createRolloutReader(name);
  for (const [index, [type, payload]] of lines.entries()) {
    const at = new Date(Date.parse(timestamp) + index * apart).toISOString();
    reader.read(encoder.encode(JSON.stringify({ timestamp: at, type, payload })));
  }
  const cost = costOf(reader.spent);
  return cost?.complete === true ? Math.round(cost.usd * 1e6) / 1e6 : undefined;
}

const turn = [started("t"), context("gpt-5.5"), prompt];
const restarted = [count(3e5, 3e5), count(2e5, 1e4)];
const table: readonly (readonly [string, readonly Line[], number | undefined])[] = [
  ["one response", [head(), ...turn, count(1e5, 1e5)], 0.5],
  [
    "the fast tier, by the settings",
    [head(), tier("priority"), ...turn, count(1e5, 1e5)],
    undefined,
  ],
  [
    "the fast tier, by the count alone",
    [head(), ...turn, count(1e5, 1e5, { service_tier: "fast" })],
    undefined,
  ],
  [
    "the fast tier, turned off again: null says so",
    [head(), tier("priority"), tier(null), ...turn, count(1e5, 1e5)],
    0.5,
  ],
  [
    "one fast response among others",
    [head(), tier("priority"), ...turn, count(1e5, 1e5), tier("default"), count(2e5, 1e5)],
    undefined,
  ],
  ["a count told three times", [head(), ...turn, ...[1, 2, 3].map(() => count(1e5, 1e5))], 0.5],
  [
    "the first count told again after the second",
    [head(), ...turn, count(1e5, 1e5), count(2e5, 1e5), count(1e5, 1e5), count(2e5, 1e5)],
    1,
  ],
  [
    "another model, set while a turn is under way: its own turn's, then the new one",
    [
      head(),
      ...turn,
      count(1e5, 1e5),
      settings({ model: "gpt-5.4" }),
      count(2e5, 1e5),
      started("u"),
      prompt,
      count(3e5, 1e5),
    ],
    0.5 + 0.5 + 0.25,
  ],
  [
    "another model, by a context in the middle of a turn",
    [head(), ...turn, count(1e5, 1e5), context("gpt-5.4"), count(2e5, 1e5)],
    0.5 + 0.25,
  ],
  [
    "another tier, set while a turn is under way: nothing tells which one is billed",
    [head(), ...turn, count(1e5, 1e5), tier("fast"), count(2e5, 1e5), tier(null)],
    undefined,
  ],
  [
    "another tier that is set and unset while a turn is under way, before a response",
    [head(), ...turn, tier("fast"), tier(null), done, started("u"), prompt, count(1e5, 1e5)],
    0.5,
  ],
  [
    "a total that goes back to an earlier one: resumed from there",
    [head(), ...turn, count(1e5, 1e5), count(2e5, 1e5), count(1.1e5, 1e4), count(1.2e5, 1e4)],
    1.1,
  ],
  [
    "a total that goes back to one that was never told",
    [head(), ...turn, count(1e5, 1e5), count(2e5, 1e5), count(1.5e5, 1e4)],
    undefined,
  ],
  [
    "a total that goes back to one of before the context was full",
    [head(), ...turn, ...[1e5, 2e5].map((t) => count(t, 1e5)), count(0, 0), ...restarted],
    undefined,
  ],
  [
    "a model that is set where no line says when turns begin",
    [head(), prompt, context("gpt-5.5"), reply, settings({ model: "gpt-5.4" }), count(1e5, 1e5)],
    0.25,
  ],
  [
    "a total that goes back, told again",
    [head(), ...turn, ...[1e5, 2e5, 3e5, 2e5, 1e5, 3e5, 4e5].map((total) => count(total, 1e5))],
    2,
  ],
  [
    "a copy that is told by its second head alone",
    [head(), foreignHead, ...turn, count(1e5, 1e5), count(2e5, 1e5)],
    undefined,
  ],
  ["a total that skips a response", [head(), ...turn, count(1e5, 1e5), count(3e5, 1e5)], undefined],
  [
    "a total that rises by less than was used",
    [head(), ...turn, count(1e5, 1e5), count(1.5e5, 1e5)],
    undefined,
  ],
  [
    "a total without its last response",
    [head(), ...turn, count(1e5, 1e5), count(2e5, undefined)],
    undefined,
  ],
  [
    "a total that begins again after a full context",
    [head(), ...turn, count(1e5, 1e5), count(0, 0), count(1e5, 1e5)],
    1,
  ],
  [
    "a turn whose model is not named",
    [head(), ...turn, count(1e5, 1e5), started("t2"), prompt, count(2e5, 1e5)],
    undefined,
  ],
  ["a rollout without its head", [...turn, count(1e5, 1e5)], undefined],
  [
    "another thread's file under this name: its first lines may be copied",
    [head({ id: "019e5117-0000-7660-b218-af0489416e0f" }), ...turn, count(1e5, 1e5)],
    undefined,
  ],
];

test.each(table)("%s", (_, lines, usd) => {
  expect(costOfLines(lines)).toBe(usd as number);
});

const parent = "019e5000-c673-7660-b218-af0489416e0f";
const own = "019e5118-c673-7660-b218-af0489416e0f";
const copied = [
  started("old"),
  context("gpt-5.5"),
  count(1e5, 1e5),
  event("task_complete", { turn_id: "old" }),
];

const forks: readonly (readonly [string, readonly Line[], number | undefined])[] = [
  [
    "told by a second head",
    [head({ forked_from_id: parent }), ["session_meta", { id: parent }], ...copied],
    undefined,
  ],
  ["told by its burst alone", [head({ forked_from_id: parent }), ...copied], undefined],
  [
    "and a turn of its own at once, told by its id",
    [
      head({ forked_from_id: parent }),
      ["session_meta", { id: parent }],
      ...copied,
      started(own),
      context("gpt-5.5"),
      count(3e5, 2e5),
    ],
    1,
  ],
  [
    "a turn that began before the fork, by its own word",
    [
      head({ forked_from_id: parent, timestamp }),
      started("x", { started_at: 1_700_000_000 }),
      ...copied,
    ],
    undefined,
  ],
];

test.each(forks)("a fork with its parent's history, %s", (_, lines, usd) => {
  expect(costOfLines(lines, 10)).toBe(usd as number);
});

const born = uuid7(Date.parse(timestamp));

test.each([
  ["by the name of the file", born],
  ["by its first head, where the file has no name", undefined],
])("a fork of a release that names no fork is told by its second head, %s", (_, name) => {
  const at = (ms: number, [type, payload]: Line): Uint8Array => {
    const written = new Date(Date.parse(timestamp) + ms).toISOString();
    return encoder.encode(JSON.stringify({ timestamp: written, type, payload }));
  };
  const reader = createRolloutReader(name);
  const old = uuid7(Date.parse(timestamp) - 60_000);
  const repeated = [
    head({ id: born }),
    foreignHead,
    started(old),
    ...turn,
    count(1e5, 1e5),
    count(2e5, 1e5),
    done,
  ];
  const events = repeated.flatMap((line, index) => reader.read(at(index, line)));
  // What the other thread did is not done here.
  expect(events.map(({ type }) => type)).not.toContain("turnStarted");
  expect(costOf(reader.spent)).toBeUndefined();
  const later = [
    started(uuid7(Date.parse(timestamp) + 60_000)),
    context("gpt-5.5"),
    prompt,
    count(2.1e5, 1e4),
  ];
  for (const line of later) reader.read(at(60_000, line));
  expect(costOf(reader.spent)).toEqual({ usd: 0.05, complete: true });
});

test("a second head of the same thread is no copy: it was resumed", () => {
  const lines = [head(), ...turn, count(1e5, 1e5), head(), ...turn, count(2e5, 1e5)];
  expect(costOfLines(lines, 1)).toBe(1);
});

test("a file that is named by another thread than its head: its turns show, its first burst is not paid", () => {
  const reader = createRolloutReader(born);
  const lines = [head({ id: uuid7(Date.parse(timestamp) - 60_000) }), ...turn, count(1e5, 1e5)];
  const events = lines.flatMap(([type, payload]) =>
    reader.read(encoder.encode(JSON.stringify({ timestamp, type, payload }))),
  );
  expect(events.map(({ type }) => type)).toContain("turnStarted");
  expect(costOf(reader.spent)).toBeUndefined();
});
