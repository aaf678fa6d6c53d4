import type { Clock } from "../lib/clock.ts";
import { BEL, OSC, ST } from "./ansi.ts";
import type { ControlString } from "./parser.ts";
import type { Queries } from "./queries.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a program asks a terminal with, between `OSC` and its terminator. */
const QUERY = "7501;?";
/** How long the terminal has for its answer, ms: one on this machine, one at the end of a network. */
const LOCAL_MS = 50;
const REMOTE_MS = 500;
/** For this long after our answer the terminal's own is taken out of the input, ms. */
const LATE_MS = 5000;
/** How soon another attempt is made where the child is in the middle of other input, ms. */
const RETRY_MS = 10;
/** Beyond it queries pass and are not answered: a child that asks without end costs no memory. */
const MAX_ASKED = 64;

interface Asked {
  /** The answer, as a terminal gives it. */
  readonly reply: string;
  /** When the child asked, monotonic ms. */
  readonly at: number;
  /** Answers to DA1 that belong to queries before this one, and queries after it. */
  da1Before: number;
  da1After: number;
  /** When we answered in the terminal's place; `undefined` while the terminal still may. */
  answeredAt: number | undefined;
  timer: Disposable | undefined;
}

/** How long the terminal has for its answer, ms, by what sshd(8) puts into the environment. */
export function statusWaitMs(env: Env): number {
  return env["SSH_CONNECTION"] || env["SSH_TTY"] ? REMOTE_MS : LOCAL_MS;
}

/**
 * The child's questions whether its terminal speaks the Program Status Protocol (OSC 7501), and our
 * answers in place of a terminal that stays silent, since it is `cdp` that reads the reports.
 *
 * The protocol: a program sends `OSC 7501 ; ? ST`, a terminal that supports it answers with the same
 * bytes (and perhaps, in a later revision, further pairs: `OSC 7501 ; ? : key=value … ST`), ended as
 * the query was (ST or BEL, as xterm answers any OSC). A program may send DA1 (`CSI c`) right after
 * the query and take an answer to that alone for a no: so ours goes before it.
 *
 * Once asked, reports are withheld from a terminal until it has said that it understands them.
 *
 * @see https://www.superlogical.com/rex/docs/build/program-status "Feature detection"
 * @see https://gist.github.com/mitchellh/7acae3abd8355c1c00287d67e96c913a the same text
 */
export class StatusQueries implements Disposable {
  readonly #clock: Clock;
  readonly #waitMs: number;
  #send: ((answer: string) => boolean) | undefined;
  #asked: Asked[] = [];
  #everAsked = false;
  #spoken = false;

  constructor(options: { readonly clock: Clock; readonly waitMs: number }) {
    this.#clock = options.clock;
    this.#waitMs = options.waitMs;
  }

  /** `send` gives bytes to the child; false when it is in the middle of other input. */
  connect(send: (answer: string) => boolean): void {
    this.#send = send;
  }

  /** Reports are read and not passed on. */
  get withholds(): boolean {
    return this.#everAsked && !this.#spoken;
  }

  /** Some query has no answer yet, neither the terminal's nor ours. */
  get pending(): boolean {
    return this.#asked.some(({ answeredAt }) => answeredAt === undefined);
  }

  /** An answer of the terminal's may come that we must know of. */
  get expecting(): boolean {
    if (this.#asked.length === 0) return false;
    const late = this.#clock.monotonic() - LATE_MS;
    this.#asked = this.#asked.filter((each) => (each.answeredAt ?? Infinity) > late);
    return this.#asked.length > 0;
  }

  /** A control string of the child's has ended, with BEL or with ST; `queries` are its others. */
  heard(string: ControlString, bel: boolean, queries: Queries): void {
    if (string.kind !== "osc" || !string.complete || !isQuery(string.content)) return;
    this.#everAsked = true;
    if (this.expecting && this.#asked.length >= MAX_ASKED) return;
    const asked: Asked = {
      reply: OSC + QUERY + (bel ? BEL : ST),
      at: this.#clock.monotonic(),
      da1Before: queries.count("da1"),
      da1After: 0,
      answeredAt: undefined,
      timer: undefined,
    };
    this.#asked.push(asked);
    this.#wait(asked, this.#waitMs);
  }

  /** The child has sent DA1. */
  askedDa1(): void {
    for (const each of this.#asked) each.da1After += 1;
  }

  /**
   * The terminal has answered DA1; whatever was asked before that it would have answered before.
   *
   * @returns what the child is to get before that answer
   */
  answeredDa1(): string {
    let before = "";
    for (const each of this.#asked) {
      if (each.answeredAt !== undefined) continue;
      if (each.da1Before > 0) each.da1Before -= 1;
      else if (each.da1After > 0) {
        before += each.reply;
        this.#answered(each);
      }
    }
    return before;
  }

  /**
   * The terminal has answered.
   *
   * @returns whether the child is to get the answer: not where it has had ours
   */
  answered(): boolean {
    this.#spoken = true;
    if (!this.expecting) return true;
    const oldest = this.#asked.shift();
    oldest?.timer?.[Symbol.dispose]();
    return oldest?.answeredAt === undefined;
  }

  [Symbol.dispose](): void {
    for (const each of this.#asked) each.timer?.[Symbol.dispose]();
    this.#asked = [];
  }

  #wait(asked: Asked, ms: number): void {
    asked.timer = this.#clock.after(ms, () => {
      if (this.#send?.(asked.reply) === true) this.#answered(asked);
      // A child that has not been reached by then does not wait any more.
      else if (this.#clock.monotonic() - asked.at < LATE_MS) this.#wait(asked, RETRY_MS);
      else this.#asked = this.#asked.filter((each) => each !== asked);
    });
  }

  #answered(asked: Asked): void {
    asked.timer?.[Symbol.dispose]();
    asked.answeredAt = this.#clock.monotonic();
  }
}

function isQuery(content: Uint8Array): boolean {
  if (content.length !== QUERY.length) return false;
  return content.every((byte, at) => byte === QUERY.charCodeAt(at));
}
