import { fullJitter } from "../lib/backoff.ts";

/**
 * When the next connection may be tried. Pure. Discord accepts 2 connections a minute for a client
 * id and lets further ones wait for READY, so hasty retries starve themselves.
 */
export interface Pace {
  /** Moments (monotonic ms) of the connections that Discord still counts. */
  readonly opened: readonly number[];
  /** Attempts that failed, and connections that soon ended, since the last that lasted. */
  readonly failures: number;
  readonly everConnected: boolean;
  /** Moment of the last READY. */
  readonly readyAt: number;
  /** Discord is left alone until this moment, even one that has just appeared. */
  readonly restUntil: number;
  /** Earliest moment that our own backoff allows. */
  readonly notBefore: number;
}

const countedFor = 60_500;
const connectionsCounted = 2;
const beforeSuccess = { base: 1000, cap: 60_000 };
const restAfterSuccess = 30_000;
const restWhenLimited = 60_000;
/** A connection that ends sooner is a failure: a Discord that hangs up each time earns backoff. */
export const lastsFrom = 60_000;

/**
 * How a connection or an attempt ended: `lost` after READY, `limited` by Discord, `failed` after
 * the socket was accepted, `unheard` where nobody accepted it.
 */
export type PaceEnd = "lost" | "limited" | "failed" | "unheard";

export const freshPace: Pace = {
  opened: [],
  failures: 0,
  everConnected: false,
  readyAt: 0,
  restUntil: 0,
  notBefore: 0,
};

/** A socket was accepted: Discord counts it, whatever comes of it. */
export function paceOpened(pace: Pace, now: number): Pace {
  const opened = pace.opened.filter((at) => at > now - countedFor);
  return { ...pace, opened: [...opened, now].slice(-connectionsCounted) };
}

/** READY came. */
export function paceConnected(pace: Pace, now: number): Pace {
  return { ...pace, everConnected: true, readyAt: now, restUntil: 0, notBefore: 0 };
}

/**
 * Full jitter from 1 s to 60 s, after a rest of 30 s where there has been a success and of 60 s
 * where Discord asked for a pause. Nobody needs a rest from an attempt that nobody heard.
 *
 * @param random a number in [0, 1)
 */
export function paceEnded(pace: Pace, end: PaceEnd, now: number, random: number): Pace {
  const restUntil = Math.max(pace.restUntil, now + restAfter(end, pace.everConnected));
  const lasted = end === "lost" && now - pace.readyAt >= lastsFrom;
  const failures = lasted ? 0 : pace.failures;
  const notBefore = restUntil + fullJitter(failures, beforeSuccess, random);
  return { ...pace, failures: failures + 1, restUntil, notBefore };
}

/** A Discord that was not there before may be tried without the backoff that the last one earned. */
export function paceAppeared(pace: Pace): Pace {
  return { ...pace, failures: 0, notBefore: pace.restUntil };
}

/** The earliest moment for the next attempt; not in the future means now. */
export function mayConnectAt(pace: Pace, now: number): number {
  const counted = pace.opened.filter((at) => at > now - countedFor);
  const oldest = counted.length < connectionsCounted ? undefined : counted[0];
  return Math.max(pace.notBefore, oldest === undefined ? now : oldest + countedFor);
}

function restAfter(end: PaceEnd, everConnected: boolean): number {
  if (end === "limited") return restWhenLimited;
  return everConnected && end !== "unheard" ? restAfterSuccess : 0;
}
