import type { Clock } from "../lib/clock.ts";

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

/** How long the child must have been silent, ms. */
const quietMs = 40;
/** A child that was not stopped comes back about 1.1 s after its teardown: before that it is stopped. */
const comesBackMs = 700;

/**
 * Waits until a child that stops has done so with its screen: Codex 0.169 puts the cursor where the
 * shell is to go on, gives the terminal back in canonical mode, and sends itself the signal. However
 * slow the machine is, what it wrote comes first.
 */
export class Teardown implements Disposable {
  readonly #clock: Clock;
  readonly #canonical: () => boolean | undefined;
  readonly #done: () => void;
  #began = 0;
  #timer: Disposable | undefined;

  /** @param canonical whether the child's terminal is in canonical mode (`Pty`) */
  constructor(clock: Clock, canonical: () => boolean | undefined, done: () => void) {
    this.#clock = clock;
    this.#canonical = canonical;
    this.#done = done;
  }

  get underWay(): boolean {
    return this.#timer !== undefined;
  }

  /** It has begun, or the child has written more of it. */
  heard(): void {
    if (!this.underWay) this.#began = this.#clock.monotonic();
    this.#wait(this.#canonical() !== false);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** @param ready the terminal was given back before this silence began, so nothing is to come */
  #wait(ready: boolean): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.after(quietMs, () => {
      const late = this.#clock.monotonic() - this.#began >= comesBackMs;
      if (!ready && !late) return this.#wait(this.#canonical() !== false);
      this.#timer = undefined;
      return this.#done();
    });
  }
}
