import type { LinkStatus } from "../discord/link.ts";
import type { ActivityKind } from "../session/activity.ts";

/** What Codex is doing, in words for its own user. */
export const activityWords: Readonly<Record<ActivityKind, string>> = {
  starting: "Starting",
  thinking: "Thinking",
  reading: "Reading",
  searching: "Searching",
  editing: "Editing",
  running: "Running a command",
  planning: "Planning",
  tool: "Using a tool",
  delegating: "Working with agents",
  approval: "Waiting for approval",
  question: "Waiting for an answer",
  compacting: "Compacting context",
  idle: "Ready",
  error: "Stopped by an error",
  limited: "Usage limit reached",
};

/** The activity with what it is about: `Editing session.ts`, `Waiting for approval: npm publish`. */
export function activityText(kind: ActivityKind, target: string | undefined): string {
  if (target === undefined || target === "") return activityWords[kind];
  const verb = verbs[kind];
  return verb === undefined ? `${activityWords[kind]}: ${target}` : `${verb} ${target}`;
}

/** Kinds that take their target as an object. */
const verbs: Readonly<Partial<Record<ActivityKind, string>>> = {
  reading: "Reading",
  searching: "Searching",
  editing: "Editing",
  running: "Running",
  tool: "Using",
};

/** `short` where the word Discord stands beside it already; `brief` beside the state's glyph. */
export const discordWords: Readonly<
  Record<LinkStatus, { readonly long: string; readonly short: string; readonly brief: string }>
> = {
  connected: { long: "Discord connected", short: "connected", brief: "Discord" },
  connecting: { long: "Discord connecting", short: "connecting", brief: "Discord" },
  absent: { long: "Discord not running", short: "not running", brief: "no Discord" },
  refused: { long: "Discord refused", short: "refused", brief: "no Discord" },
  unknown: { long: "Discord unknown", short: "unknown", brief: "Discord" },
};

/** A count in at most five cells: `950`, `12.3k`, `258k`, `4.5M`. Whatever is no count is `0`. */
export function shortCount(n: number): string {
  const whole = Number.isFinite(n) ? Math.min(MOST, Math.max(0, Math.round(n))) : 0;
  if (whole < 1000) return String(whole);
  const [unit, size] = whole < 999_500 ? ["k", 1e3] : whole < 999_500_000 ? ["M", 1e6] : ["G", 1e9];
  const scaled = whole / size;
  return scaled.toFixed(scaled < 99.95 ? 1 : 0).replace(/\.0$/, "") + unit;
}

const MOST = 999e9;

/** US dollars: `$1.23`, `<$0.01`. */
export function dollars(usd: number): string {
  if (!(usd > 0)) return "$0.00";
  if (usd < 0.01) return "<$0.01";
  return usd < 1000 ? `$${usd.toFixed(2)}` : `$${shortCount(usd)}`;
}

/**
 * Whole minutes since `startedAt`, both in ms: `0m`, `12m`, `1h 05m`, `2d 03h`. Never negative,
 * whatever the clock did.
 */
export function elapsed(startedAt: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - startedAt) / 60_000)) || 0;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}m`;
  if (hours < 48) return `${hours}h ${twoDigits(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${twoDigits(hours % 24)}h`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}
