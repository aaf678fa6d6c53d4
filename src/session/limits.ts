import { ownLimit, type Limits } from "./event.ts";

/** A limit as it was told last. */
export interface ToldLimits extends Limits {
  /** Which limit it is: `ownLimit` for the account's. */
  readonly id: string;
  /** Of the report that told its windows, ms since the epoch. */
  readonly at: number;
}

/** Models with a limit of their own; an account has a handful. */
const maxLimits = 16;

/**
 * The limits after one more report: each limit stands apart, and a report of one that names no
 * windows (or no plan, no credits) wipes none.
 */
export function withLimits(
  told: readonly ToldLimits[],
  report: Limits,
  at: number,
): readonly ToldLimits[] {
  const id = report.id ?? ownLimit;
  const before = told.find((limit) => limit.id === id);
  const others = told.filter((limit) => limit.id !== id).slice(1 - maxLimits);
  return [...others, merged(before, { ...report, id, at })];
}

/** The account's own limit, as the newest report in any session tells it. */
export function newestOwnLimit(
  sessions: readonly (readonly ToldLimits[])[],
): ToldLimits | undefined {
  return sessions
    .flatMap((told) => told.filter(({ id }) => id === ownLimit))
    .toSorted((a, b) => a.at - b.at)
    .reduce<ToldLimits | undefined>(merged, undefined);
}

function merged(before: ToldLimits | undefined, now: ToldLimits): ToldLimits {
  if (before === undefined) return now;
  const { windows, at } = now.windows.length === 0 ? before : now;
  return { ...before, ...now, windows, at };
}
