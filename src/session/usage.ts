import { ownLimit, type Limits, type LimitWindow, type TokenCount } from "./event.ts";
import { newestOwnLimit, type ReportedLimits } from "./limits.ts";
import type { Session } from "./session.ts";

/** One quota as of the newest observation, while it lasts. */
export interface Quota {
  /** Named from its own length, "5h", "7d", "1h30m"; absent when Codex does not tell it. */
  readonly name?: string;
  readonly minutes?: number;
  /** 0 to 100. */
  readonly usedPercent: number;
  /** ms since the epoch. */
  readonly resetsAt?: number;
}

/** What a session has used, in numbers to show. What Codex has not told is absent. */
export interface Usage {
  readonly tokens?: {
    readonly total: TokenCount;
    /** Of the newest response; absent where Codex reported only the running total. */
    readonly last?: TokenCount;
    /** Of all input so far, 0 to 1; absent before the first input. */
    readonly cachedShare?: number;
  };
  /** How much of the model's context is in use: tokens, and whole percent (0 to 100). */
  readonly context?: {
    readonly used: number;
    readonly window?: number;
    readonly percent?: number;
  };
  readonly limits?: {
    readonly quotas: readonly Quota[];
    readonly plan?: string;
    readonly credits?: NonNullable<Limits["credits"]>;
    /** ms since the epoch. */
    readonly observedAt: number;
  };
}

/**
 * The usage of a session at `now` (ms since the epoch). A quota whose window has started anew since
 * it was observed is left out, for what is used of the new one nobody has said.
 */
export function usageOf(
  session: Pick<Session, "usage" | "contextWindow" | "limits">,
  now: number,
): Usage {
  const { usage, contextWindow } = session;
  const limits = session.limits.find(({ id }) => id === ownLimit);
  const used = usage === undefined ? undefined : contextTokens(usage);
  return {
    ...(usage === undefined
      ? {}
      : {
          tokens: {
            total: usage.total,
            ...(usage.last === undefined ? {} : { last: usage.last }),
            ...cachedShareOf(usage.total),
          },
        }),
    ...(used === undefined ? {} : { context: contextOf(used, contextWindow) }),
    ...(limits === undefined ? {} : { limits: limitsAt(limits, limits.at, now) }),
  };
}

/**
 * A window's length as people say it, from its minutes: 300 is "5h", 10 080 "7d", 90 "1h30m". One
 * minute less than whole hours or days is taken for them, as services count the last one in part.
 */
export function windowName(minutes: number): string | undefined {
  const whole = Math.round(minutes);
  if (!Number.isSafeInteger(whole) || whole < 1) return undefined;
  const rounded = whole >= 119 && (whole + 1) % 60 === 0 ? whole + 1 : whole;
  const parts = [
    [Math.floor(rounded / 1440), "d"],
    [Math.floor(rounded / 60) % 24, "h"],
    [rounded % 60, "m"],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? "" : `${count}${unit}`)).join("");
}

function cachedShareOf(total: TokenCount): { readonly cachedShare?: number } {
  if (!(total.input > 0)) return {};
  return { cachedShare: within(0, total.cached / total.input, 1) };
}

/**
 * What the newest response was given and gave is what the next one starts from. A full context is
 * written as a running total without input and output.
 */
function contextTokens({ total, last }: NonNullable<Session["usage"]>): number | undefined {
  const isFull = total.input === 0 && total.output === 0 && total.total > 0;
  return isFull ? total.total : last?.total;
}

function contextOf(tokens: number, window: number | undefined): Usage["context"] & {} {
  const used = Math.max(0, tokens);
  if (window === undefined || !(window > 0)) return { used };
  return { used, window, percent: within(0, Math.round((100 * used) / window), 100) };
}

function limitsAt(limits: Limits, observedAt: number, now: number): Usage["limits"] & {} {
  const { plan, credits } = limits;
  return {
    quotas: limits.windows.filter((window) => lasts(window, observedAt, now)).map(quotaOf),
    ...(plan === undefined ? {} : { plan }),
    ...(credits === undefined ? {} : { credits }),
    observedAt,
  };
}

/** A window that names no end has ended when its whole length has passed. */
function lasts({ resetsAt, minutes }: LimitWindow, observedAt: number, now: number): boolean {
  if (resetsAt !== undefined) return now < resetsAt;
  return minutes === undefined || now < observedAt + minutes * 60_000;
}

function quotaOf({ usedPercent, minutes, resetsAt }: LimitWindow): Quota {
  const name = minutes === undefined ? undefined : windowName(minutes);
  return {
    ...(name === undefined ? {} : { name }),
    ...(minutes === undefined ? {} : { minutes }),
    usedPercent: within(0, usedPercent, 100),
    ...(resetsAt === undefined ? {} : { resetsAt }),
  };
}

function within(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The account's limits, as told last in any of these sessions. */
export function latestLimits(
  sessions: readonly { readonly session: Pick<Session, "limits"> }[],
  now: number,
): Usage["limits"] {
  const newest: ReportedLimits | undefined = newestOwnLimit(
    sessions.map(({ session }) => session.limits),
    now,
  );
  return newest === undefined ? undefined : limitsAt(newest, newest.at, now);
}
