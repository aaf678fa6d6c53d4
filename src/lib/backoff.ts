/** Bounds of a retry delay, in ms. */
export interface BackoffBounds {
  readonly base: number;
  readonly cap: number;
}

/**
 * Full-jitter backoff: a delay drawn evenly from `0 .. min(cap, base * 2^attempt)` ms.
 *
 * @param attempt failures so far, from 0
 * @param random a number in [0, 1)
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitter(attempt: number, bounds: BackoffBounds, random: number): number {
  const ceiling = Math.min(bounds.cap, bounds.base * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling * random);
}
