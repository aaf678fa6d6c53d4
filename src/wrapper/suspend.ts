/**
 * Ctrl-Z as terminals send it: the control character, the kitty keyboard's form (with or without
 * an event type) and that of modifyOtherKeys.
 */
const suspendKey = /\u001a|\u001b\[122;5(?::1)?u|\u001b\[27;5;122~/;

/** How long after the key Codex may take to tear its screen down. */
const windowMs = 1000;

/**
 * Tells Codex's way into a suspend from its way out: both tear the screen down, but only the one
 * follows Ctrl-Z.
 */
export class SuspendWatch {
  #pressedAt = -Infinity;

  /** What the user typed. @param now ms, monotonic */
  typed(chunk: string, now: number): void {
    if (suspendKey.test(chunk)) this.#pressedAt = now;
  }

  /** The child has torn its screen down: is it about to stop? Answers true once a key. */
  tornDown(now: number): boolean {
    const stops = now - this.#pressedAt < windowMs;
    this.#pressedAt = -Infinity;
    return stops;
  }
}
