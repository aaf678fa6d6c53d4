import * as fc from "fast-check";
import type { ActivityKind } from "../../../src/session/activity.ts";
import {
  type CardView,
  type Level,
  levels,
  type Model,
  newModel,
  type Panel,
  type SentCard,
  type SessionView,
} from "../../../src/ui/dashboard/model.ts";
import { themeOf } from "../../../src/ui/theme.ts";
import { now, themes } from "./models.ts";

const kinds: readonly ActivityKind[] = [
  "starting",
  "thinking",
  "reading",
  "searching",
  "editing",
  "running",
  "planning",
  "tool",
  "delegating",
  "approval",
  "question",
  "compacting",
  "idle",
  "error",
  "limited",
];

/** Names as bad as they come: wide, joined, bidirectional, endless, full of controls. */
const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "",
    " ",
    "日本語のプロジェクト",
    "👨‍👩‍👧‍👦 famille",
    "x".repeat(400),
    "a\x1b[2Jb\r\nc",
    "\u202eevil",
  ),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const number = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000 }),
  fc.double(),
  fc.constantFrom(0, -1, NaN, Infinity, 1e21),
);
const time = fc.oneof(
  fc.integer({ min: now - 1e9, max: now + 1e9 }),
  fc.constantFrom(0, -1e18, 1e18, NaN),
);
const level = fc.constantFrom<Level>(...levels);

const session: fc.Arbitrary<SessionView> = fc.record({
  id: text,
  surface: maybe(text),
  project: maybe(text),
  branch: maybe(text),
  model: maybe(text),
  effort: maybe(text),
  activity: fc.record({ kind: fc.constantFrom(...kinds), since: time, target: maybe(text) }),
  startedAt: time,
  updatedAt: maybe(time),
  tokens: maybe(
    fc.record({ total: number, input: number, cached: number, output: number, last: number }),
  ),
  context: maybe(fc.record({ used: number, window: maybe(number), percent: maybe(number) })),
  costUsd: maybe(number),
  own: fc.boolean(),
  leader: fc.boolean(),
  pinned: fc.boolean(),
});

const card: fc.Arbitrary<CardView> = fc.record({
  level,
  why: fc.array(text, { maxLength: 4 }),
  activity: maybe(
    fc
      .record({
        name: maybe(text),
        details: maybe(text),
        state: maybe(text),
        start: maybe(fc.integer()),
        small: maybe(text),
        buttons: fc.array(fc.record({ label: text, url: text }), { maxLength: 2 }),
      })
      .map(({ name, details, state, start, small, buttons }) => ({
        ...(name === undefined ? {} : { name }),
        ...(details === undefined ? {} : { details }),
        ...(state === undefined ? {} : { state }),
        ...(start === undefined ? {} : { timestamps: { start } }),
        ...(small === undefined ? {} : { assets: { small_image: small, small_text: small } }),
        ...(buttons.length === 0 ? {} : { buttons }),
      })),
  ),
});

const sent: fc.Arbitrary<SentCard> = fc.record({
  at: time,
  details: maybe(text),
  state: maybe(text),
  answer: fc.constantFrom("accepted", "refused", "lost", "waiting"),
  reason: maybe(text),
});

const panel: fc.Arbitrary<Panel> = fc.oneof(
  fc.constantFrom<Panel>({ kind: "none" }, { kind: "details" }),
  fc.record({ kind: fc.constantFrom("log", "help"), top: fc.nat(60) }),
  fc.record({ kind: fc.constant("level"), choice: level }),
);

/** From 1x1 to 300x100, small ones as often as large ones. */
export const size = fc.oneof(
  fc.record({ cols: fc.integer({ min: 1, max: 300 }), rows: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ cols: fc.integer({ min: 36, max: 130 }), rows: fc.integer({ min: 8, max: 40 }) }),
);

/** Any state of the dashboard, numbers and texts that nobody would expect among them. */
export const anyModel: fc.Arbitrary<Model> = fc
  .record({
    size,
    theme: fc.constantFrom(...Object.values(themes)).map((env) => themeOf(env)),
    sessions: fc.array(session, { maxLength: 12 }),
    limits: maybe(
      fc.record({
        plan: maybe(text),
        windows: fc.array(
          fc.record({ minutes: maybe(number), usedPercent: number, resetsAt: maybe(time) }),
          { maxLength: 4 },
        ),
        credits: maybe(text),
        observedAt: time,
      }),
    ),
    history: fc.record({
      tokensPerMinute: fc.array(number, { maxLength: 70 }),
      activitySeconds: fc.dictionary(fc.constantFrom(...kinds), number),
    }),
    discord: fc.record({
      status: fc.constantFrom("connected", "connecting", "absent", "refused", "unknown"),
      reason: text,
      client: maybe(text),
      sentAt: maybe(time),
    }),
    card,
    previews: fc.dictionary(level, card),
    sent: fc.array(sent, { maxLength: 8 }),
    paused: fc.boolean(),
    level,
    problems: fc.array(text, { maxLength: 3 }),
    instance: maybe(fc.record({ pid: number, mode: text, startedAt: time })),
    selected: maybe(text),
    panel,
    now: fc.oneof(fc.constant(now), time),
    offset: fc.constantFrom(0, 60, -480, NaN),
  })
  .map(({ offset, ...rest }) => {
    const { size: at, theme, now: when, ...more } = rest;
    return { ...newModel({ size: at, theme, now: when, zone: () => offset }), ...more };
  });
