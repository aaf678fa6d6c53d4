import type { RolloutItem } from "./rollout-item.ts";
import { createdAtOf, isTimed } from "./thread-files.ts";

/**
 * Whose an item is. `copied`: another thread's, of no account here; `repeated`: another thread's,
 * whose settings and running totals hold on; `perhaps`: as likely repeated as not, so that nothing
 * is billed for it.
 */
export type Origin = "own" | "copied" | "repeated" | "perhaps";

/** Tells what a fork's or sub-agent's file repeats of another thread's history from its own. */
export interface CopiedHistory {
  /** Of the items in order; the file's heads included. */
  originOf(item: RolloutItem): Origin;
}

/** A copy is written in one go; the first answer of a turn of one's own takes longer. */
const burstMs = 1000;
/** Seconds are whole ones, and clocks of one machine differ little. */
const slackMs = 1000;

/**
 * Releases tell a copy in different ways: by ordinals below the thread's own start, by ids and
 * times of turns that are older than the thread, by a second head, or by nothing but that all of it
 * is written within a moment.
 *
 * @param thread whose file it is, by its name; `undefined` where that is not known
 */
export function watchCopies(thread: string | undefined): CopiedHistory {
  /** The thread that the file's first head names. */
  let first: string | undefined;
  let historyStart: number | undefined;
  let createdAt = -Infinity;
  /** While a copy may go on: when its last line was written. */
  let copying: { at: number; readonly sure: boolean } | undefined;

  function takeHead(item: Extract<RolloutItem, { readonly type: "sessionMeta" }>): Origin {
    const { facts, at } = item;
    const foreign = facts.thread !== (thread ?? first ?? facts.thread);
    if (first === undefined) {
      first = facts.thread;
      historyStart = item.historyStart;
      if (item.continues === "copied" || foreign) {
        createdAt = bornAt(thread ?? facts.thread) ?? facts.createdAt ?? at;
        copying = { at, sure: false };
      }
      return "own";
    }
    // Releases before `forked_from_id` tell of a copy by its head alone.
    if (foreign && copying === undefined) createdAt = bornAt(thread ?? first ?? "") ?? at;
    if (foreign || copying !== undefined) copying = { at, sure: true };
    return "copied";
  }

  return {
    originOf(item) {
      if (item.type === "sessionMeta") return takeHead(item);
      if (historyStart !== undefined && item.ordinal !== undefined) {
        return item.ordinal < historyStart ? "copied" : "own";
      }
      if (copying === undefined) return "own";
      const age = ageOf(item, createdAt);
      if (age === "older") return "repeated";
      if (age === "own" || item.at - copying.at > burstMs) {
        copying = undefined;
        return "own";
      }
      copying = { ...copying, at: Math.max(copying.at, item.at) };
      return copying.sure ? "repeated" : "perhaps";
    },
  };
}

function bornAt(thread: string): number | undefined {
  return isTimed(thread) ? createdAtOf(thread) : undefined;
}

/** Whether an item is older than its thread, or younger, by its turn's id and times. */
function ageOf(item: RolloutItem, createdAt: number): "older" | "own" | undefined {
  const turn = "turn" in item ? item.turn : undefined;
  const turnAt = turn === undefined ? undefined : bornAt(turn);
  if (turnAt !== undefined) return turnAt < createdAt ? "older" : "own";
  const startedAt = item.type === "taskStarted" ? item.startedAt : undefined;
  if ((startedAt ?? createdAt) < createdAt - slackMs) return "older";
  return item.at < createdAt - slackMs ? "older" : undefined;
}
