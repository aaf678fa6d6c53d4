import { ownLimit, type Limits } from "./event.ts";

/** A limit as it was reported last. */
export interface ReportedLimits extends Limits {
  /** Which limit it is: `ownLimit` for the account's. */
  readonly id: string;
  /** Of the report that named its windows, ms since the epoch. */
  readonly at: number;
}

/** Models with a limit of their own; an account has a handful. */
const maxLimits = 16;

/**
 * The limits after one more report: each limit stands apart, and a report of one that names no
 * windows (or no plan, no credits) wipes none.
 */
export function withLimits(
  reported: readonly ReportedLimits[],
  report: Limits,
  at: number,
): readonly ReportedLimits[] {
  const id = report.id ?? ownLimit;
  const before = reported.find((limit) => limit.id === id);
  const others = reported.filter((limit) => limit.id !== id).slice(1 - maxLimits);
  return [...others, merged(before, { ...report, id, at })];
}

/** Two clocks of one machine never differ by more than this. */
const skewMs = 1000;

/**
 * The account's own limit, by the newest report in any session at `now` (ms since the epoch). One
 * that is ahead of now counts as the oldest: the clock was set back since.
 */
export function newestOwnLimit(
  sessions: readonly (readonly ReportedLimits[])[],
  now: number,
): ReportedLimits | undefined {
  const isAhead = ({ at }: ReportedLimits): number => Number(at > now + skewMs);
  return sessions
    .flatMap((reported) => reported.filter(({ id }) => id === ownLimit))
    .toSorted((a, b) => isAhead(b) - isAhead(a) || a.at - b.at)
    .reduce<ReportedLimits | undefined>(merged, undefined);
}

function merged(before: ReportedLimits | undefined, now: ReportedLimits): ReportedLimits {
  if (before === undefined) return now;
  const { windows, at } = now.windows.length === 0 ? before : now;
  return { ...before, ...now, windows, at };
}
