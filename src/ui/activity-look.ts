import type { ActivityKind } from "../session/activity.ts";
import type { Style } from "./theme.ts";

/** How an activity is drawn: its style, and the glyph that goes with it or the spinner. */
export interface Look {
  readonly style: Style;
  readonly glyph: "spinner" | "working" | "idle" | "approval" | "question" | "error" | "limited";
}

/** The look of a kind; of one that is not known, that of work. */
export function lookOf(kind: ActivityKind): Look {
  return looks[kind] ?? busy;
}

/** Whether the spinner turns for it. */
export function isWorking(kind: ActivityKind): boolean {
  return lookOf(kind).glyph === "spinner";
}

const busy: Look = { style: "busy", glyph: "spinner" };

const looks: Readonly<Record<ActivityKind, Look>> = {
  // A child that has not said anything yet may never do: nothing turns for it.
  starting: { style: "busy", glyph: "working" },
  thinking: busy,
  reading: busy,
  searching: busy,
  editing: busy,
  running: busy,
  planning: busy,
  tool: busy,
  delegating: busy,
  compacting: busy,
  approval: { style: "warn", glyph: "approval" },
  question: { style: "ask", glyph: "question" },
  idle: { style: "quiet", glyph: "idle" },
  error: { style: "bad", glyph: "error" },
  limited: { style: "bad", glyph: "limited" },
};
