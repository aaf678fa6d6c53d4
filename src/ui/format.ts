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

/** `short` where the word Discord stands beside it already. */
export const discordWords: Readonly<
  Record<LinkStatus, { readonly long: string; readonly short: string }>
> = {
  connected: { long: "Discord connected", short: "connected" },
  connecting: { long: "Discord connecting", short: "connecting" },
  absent: { long: "Discord not running", short: "not running" },
  refused: { long: "Discord refused", short: "refused" },
  unknown: { long: "Discord unknown", short: "unknown" },
};

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
