import type { ActivityKind } from "../../session/activity.ts";
import type { Style } from "../theme.ts";

/** An activity in one word, for lists and before what it is about. */
export const shortWords: Readonly<Record<ActivityKind, string>> = {
  starting: "Starting",
  thinking: "Thinking",
  reading: "Reading",
  searching: "Searching",
  editing: "Editing",
  running: "Running",
  planning: "Planning",
  tool: "Using",
  delegating: "Delegating",
  approval: "Approval",
  question: "Question",
  compacting: "Compacting",
  idle: "Ready",
  error: "Error",
  limited: "Limited",
};

/**
 * Since `at`, as the dashboard says it: whole minutes of the wall clock, so that all of them move
 * on together, once a minute: `now`, `5m`, `1h05`, `3d02h`.
 */
export function age(at: number, now: number): string {
  return span(minuteOf(now) - minuteOf(at));
}

/** Until `at`: `now`, `5m`, `1h48`, `6d03h`. */
export function until(at: number, now: number): string {
  return span(minuteOf(at) - minuteOf(now));
}

/** A number of minutes, in at most 6 cells: `now` for none. */
export function span(minutes: number): string {
  const whole = Math.min(MOST_MINUTES, Math.max(0, Math.floor(minutes))) || 0;
  const hours = Math.floor(whole / 60);
  if (whole === 0) return "now";
  if (hours === 0) return `${whole}m`;
  if (hours < 24) return `${hours}h${two(whole % 60)}`;
  const days = Math.floor(hours / 24);
  return days < 100 ? `${days}d${two(hours % 24)}h` : `${days}d`;
}

/** Some 27 years: nobody has waited longer, so a clock was wrong. */
const MOST_MINUTES = 9999 * 1440;

/** Local time of day, with the weekday when it is not within the next 20 hours: `Thu 09:00`. */
export function clock(at: number, now: number, zone: (at: number) => number): string {
  const local = new Date(at + (zone(at) || 0) * 60_000);
  if (Number.isNaN(local.getTime())) return "?";
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  const day = weekdays[local.getUTCDay()] ?? "";
  return Math.abs(at - now) < 20 * 3_600_000 ? time : `${day} ${time}`;
}

/** A limit or the context by how much of it is left, 0 to 100: from 60 good, below 30 bad. */
export function leftStyle(left: number): Style {
  if (left >= 60) return "good";
  return left >= 30 ? "warn" : "bad";
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
