import { Following, type Parting } from "./following.ts";
import { look, type Running } from "./inspect.ts";
import type { Json } from "./message.ts";
import type { ControlAddress } from "./metadata.ts";
import { pace, type Seeker, type Taken } from "./seek.ts";
import type { Legacy } from "./self.ts";
import { earlier, patience } from "./takeover.ts";

/** Each newer wrapper has so long to take the role before the next one tries, ms; `most` in all. */
const precedence = { each: 100, most: 600, taker: 300 } as const;
/** A publisher that does not let us in ends, as a rule; if it stays, it is left in peace. In ms. */
const rebuff = { first: 10, most: 1000 } as const;

/**
 * A wrapper's way to the role: takes it when nobody has it, newest wrapper first, and waits behind
 * the publisher otherwise, whom it tells its session. It never asks anybody to leave.
 */
export class Queue {
  readonly #seeker: Seeker;
  #following: Following | undefined;
  #session: Json | undefined;
  #legacy: Legacy | undefined;
  #notBefore = 0;
  /** Who last did not let us in, and how long we then waited. */
  #rebuff: { readonly by: number | undefined; readonly ms: number } = { by: undefined, ms: 0 };
  /** Since when the lock's holder has said nothing about itself. */
  #strangeSince: number | undefined;

  constructor(seeker: Seeker) {
    this.#seeker = seeker;
  }

  /** This wrapper's session, for the publisher it waits behind or will wait behind. */
  report(session: Json): void {
    this.#session = session;
    this.#following?.tell(session);
  }

  /** This wrapper has given the role up: to `to`, who is let through first, or to nobody. */
  yielded(legacy: Legacy, to: number | undefined): void {
    this.#legacy = legacy;
    const head = to === undefined ? 0 : precedence.taker;
    this.#notBefore = this.#seeker.clock.monotonic() + head;
  }

  /** Waits until the role is ours, or this instance leaves. */
  async wait(): Promise<Taken | undefined> {
    const { tryLock, clock, say, isLeaving, pause } = this.#seeker;
    while (!isLeaving()) {
      if (clock.monotonic() >= this.#notBefore) {
        const attempt = tryLock();
        if (attempt.kind === "held") return { lock: attempt.lock, legacy: this.#legacy };
        if (attempt.kind === "unavailable") {
          say({ kind: "off", reason: attempt.reason });
          await pause(pace.off);
          continue;
        }
      }
      await this.#beside();
    }
    return undefined;
  }

  async #beside(): Promise<void> {
    const { place, say, pause, clock } = this.#seeker;
    const seen = look(place);
    const early = this.#notBefore - clock.monotonic();
    if (seen.kind === "notRunning") {
      return await pause(early > 0 ? Math.min(early, pace.early) : pace.changing);
    }
    if (seen.program === "unknown") return await this.#besideStranger(seen);
    this.#strangeSince = undefined;
    if (seen.program === "earlier") {
      say({ kind: "waiting", pid: seen.pid, why: earlier(seen) });
    } else if (seen.control !== undefined) {
      return await this.#behind(seen, seen.control);
    } else {
      say({
        kind: "waiting",
        pid: seen.pid,
        why: `process ${seen.pid} publishes and listens nowhere`,
      });
    }
    await pause(pace.beside);
  }

  /** Somebody who starts, as a rule: the metadata follows the lock by some milliseconds. */
  async #besideStranger({ pid, why }: Running): Promise<void> {
    const { say, clock, pause } = this.#seeker;
    const since = (this.#strangeSince ??= clock.monotonic());
    if (clock.monotonic() - since < patience.looking) return await pause(pace.changing * 4);
    say({
      kind: "waiting",
      pid,
      why: `process ${pid} holds the lock, but ${why ?? "says nothing"}`,
    });
    await pause(pace.beside);
  }

  /** Behind a publisher until it is gone: then the newest wrapper goes first. */
  async #behind(seen: Running, address: ControlAddress): Promise<void> {
    const { self, clock, isLeaving, pause } = this.#seeker;
    let parting: Parting | undefined;
    const following = new Following({
      address,
      self,
      clock,
      session: this.#session,
      onHealth: (answers) => this.#sayHealth(seen, answers),
      onEnd: (end) => {
        parting = end;
        this.#seeker.wake();
      },
    });
    this.#following = following;
    while (parting === undefined && !isLeaving()) await pause(undefined);
    this.#following = undefined;
    following[Symbol.dispose]();
    if (parting?.welcomed === true) this.#part(parting);
    else if (parting !== undefined) await this.#rebuffed(seen.pid);
  }

  async #rebuffed(by: number | undefined): Promise<void> {
    const ms = this.#rebuff.by === by ? Math.min(this.#rebuff.ms * 2, rebuff.most) : rebuff.first;
    this.#rebuff = { by, ms };
    await this.#seeker.pause(ms);
  }

  #part({ legacy, newer, to }: Parting): void {
    const { clock } = this.#seeker;
    this.#rebuff = { by: undefined, ms: 0 };
    this.#legacy = legacy ?? this.#legacy;
    const rank = Math.min(newer * precedence.each, precedence.most);
    this.#notBefore = clock.monotonic() + rank + (to === undefined ? 0 : precedence.taker);
  }

  #sayHealth(seen: Running, answers: boolean): void {
    const { place, say } = this.#seeker;
    const { pid, mode } = seen;
    if (pid === undefined) return;
    if (answers) return say({ kind: "following", pid, mode });
    const what = place.process(pid)?.stopped === true ? "is stopped" : "does not answer";
    say({ kind: "waiting", pid, why: `process ${pid} holds the role but ${what}` });
  }
}
