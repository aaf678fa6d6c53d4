/**
 * How much a peer may send. Discord answers what it is asked, a few frames a minute; one that sends
 * without end would keep a core busy, and nothing in it is for us. Pure.
 */
export interface Allowance {
  /** What is left, in frames; below zero it was too much. */
  readonly left: number;
  /** Moment of the last look, monotonic ms. */
  readonly at: number;
}

/** Frames a second that may go on for ever, and how many may come at once. */
const perSecond = 200;
const atOnce = 1000;
/** What else costs as much as a frame: so many bytes to parse, so many pieces to put together. */
const bytesPerFrame = 4096;
const chunksPerFrame = 8;

export function fullAllowance(now: number): Allowance {
  return { left: atOnce, at: now };
}

/** After one more piece of `bytes` in which so many frames ended. */
export function spend(
  { left, at }: Allowance,
  piece: { readonly frames: number; readonly bytes: number },
  now: number,
): Allowance {
  const saved = Math.min(atOnce, left + (Math.max(0, now - at) / 1000) * perSecond);
  const cost = piece.frames + piece.bytes / bytesPerFrame + 1 / chunksPerFrame;
  return { left: saved - cost, at: now };
}

export function isSpent({ left }: Allowance): boolean {
  // @guard discord-allowance
  return left < 0;
}
