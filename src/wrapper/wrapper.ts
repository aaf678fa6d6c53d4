import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Pty, PtyExit } from "../pty/pty.ts";
import type { Replies } from "../terminal/replies.ts";
import { decstbm } from "../terminal/ansi.ts";
import { resetTerminal } from "../terminal/reset.ts";
import type { Split } from "../terminal/split.ts";
import { sameSize } from "../terminal/size.ts";
import type { Terminal, TerminalSize } from "../terminal/terminal.ts";

/** What stands in the pane. Both are asked again and again; neither may keep the time itself. */
export interface PaneView {
  rows(size: TerminalSize, now: number): readonly string[];
  /** How many rows it wants on a terminal of this size: none where there is no room. */
  height(size: TerminalSize): number;
  /** ms until the rows change by themselves (a spinner); `undefined` when nothing moves. */
  nextChange(now: number): number | undefined;
}

export interface WrapperParts {
  readonly pty: Pty;
  readonly terminal: Terminal;
  /** What the terminal's size was when the child was started. */
  readonly startSize: TerminalSize;
  readonly split: Split;
  readonly replies: Replies;
  readonly view: PaneView;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every chunk the user's terminal sent, once the child has it. */
  readonly onInput?: (chunk: Uint8Array) => void;
  /** Told when something of the child's has reached the terminal. */
  readonly onOutput?: () => void;
  /** Told when the pane failed and was turned off. */
  readonly onPaneLost?: () => void;
}

/** How long a lone ESC may wait for the rest of a report before it counts as the key. */
const ESC_MS = 10;
/** How long the rest of a report may take that cannot be anything else. */
const REPORT_MS = 500;
/** Output may move the minutes on, but not more often than this. */
const GLANCE_MS = 1000;
/** The pane is not painted more often than a terminal draws. */
const FRAME_MS = 33;
/** The emulator behind the pane catches up this long after output, not before it. */
const SETTLE_MS = 20;
/** How long an open frame (?2026) may hold the pane back: terminals give it up by then, too. */
const OPEN_FRAME_MS = 1000;
/** Between the two changes of size that make a child paint anew; nearer ones it may see as none. */
const REPAINT_MS = 30;
/** A child that was hung up on gets this long to end before we stop waiting. */
const HANGUP_MS = 800;
/** How long a terminal that has stopped may hold up our end. */
const LAST_WORDS_MS = 100;
const SIGHUP = 1;

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);

/**
 * The loop between the child and the user's terminal, with the pane kept painted. Bytes come
 * first: a failure in the pane turns the pane off and the bytes flow on. Only `run` ends it.
 */
export class Wrapper {
  readonly #parts: WrapperParts;
  readonly #gone = Promise.withResolvers<void>();
  #split: Split | undefined;
  #blocked: Promise<void> | undefined;
  #spinner: Disposable | undefined;
  #escape: Disposable | undefined;
  #settling: Disposable | undefined;
  #repaint: Disposable | undefined;
  #refreshing: Disposable | undefined;
  #frameEnd: Disposable | undefined;
  /** The frame that `#frameEnd` waits for. */
  #frame = 0;
  #glancedAt = -Infinity;

  constructor(parts: WrapperParts) {
    this.#parts = parts;
    this.#split = parts.split;
    parts.split.status?.connect((answer) => this.#answer(answer));
  }

  /**
   * Runs until the child has ended and all it wrote has been written, or the terminal is gone.
   * The terminal is left as it was found, whatever happens.
   */
  async run(): Promise<PtyExit> {
    const { pty, terminal } = this.#parts;
    using release = new DisposableStack();
    release.defer(() => this.#leave());
    terminal.setRaw(true);
    release.use(terminal.onResize((size) => this.#resize(size)));
    // A window that was resized meanwhile has said so to nobody.
    const { size } = terminal;
    if (!sameSize(size, this.#parts.startSize)) this.#resize(size);
    void this.#pumpInput();
    this.refresh();
    release.defer(() => this.#parts.split.status?.[Symbol.dispose]());
    release.defer(() => this.#escape?.[Symbol.dispose]());
    release.defer(() => this.#spinner?.[Symbol.dispose]());
    release.defer(() => this.#frameEnd?.[Symbol.dispose]());
    release.defer(() => this.#settling?.[Symbol.dispose]());
    release.defer(() => this.#refreshing?.[Symbol.dispose]());
    release.defer(() => this.#repaint?.[Symbol.dispose]());
    return await Promise.race([
      this.#pumpOutput().then(() => pty.exited),
      this.#gone.promise.then(() => this.#hangUp()),
    ]);
  }

  /** What the pane shows may have changed: paints it where it did, soon where it just has. */
  refresh(): void {
    const { clock } = this.#parts;
    const wait = this.#glancedAt + FRAME_MS - clock.monotonic();
    if (wait <= 0) this.#paint();
    else this.#refreshing ??= clock.after(wait, () => this.#paint());
  }

  #paint(): void {
    this.#refreshing?.[Symbol.dispose]();
    this.#refreshing = undefined;
    if (this.#blocked !== undefined || this.#split === undefined) return;
    const { view, clock, terminal } = this.#parts;
    const now = clock.now();
    this.#glancedAt = clock.monotonic();
    this.#guarded((split) => {
      const { cols } = terminal.size;
      this.#write(split.setPane(view.rows({ rows: split.paneRows, cols }, now)));
      this.#spinner?.[Symbol.dispose]();
      const due = view.nextChange(now);
      this.#spinner = due === undefined ? undefined : clock.after(due, () => this.refresh());
    });
  }

  /** Gives the terminal to whoever comes next (a suspended job's shell). */
  release(): void {
    this.#parts.terminal.setRaw(false);
  }

  /**
   * Takes the terminal back, whatever was drawn on it meanwhile. The child is made to paint anew
   * by a change of its size and back (it may have missed nothing, and then paints the same).
   */
  reclaim(): void {
    const { terminal, pty, clock } = this.#parts;
    terminal.setRaw(true);
    const size = this.#split?.childSize ?? terminal.size;
    if (size.rows > 1) pty.resize({ ...size, rows: size.rows - 1 });
    this.#repaint?.[Symbol.dispose]();
    this.#repaint = clock.after(REPAINT_MS, () => this.#resize(terminal.size));
  }

  async #pumpOutput(): Promise<void> {
    for await (const chunk of this.#parts.pty.output) {
      // Plain text, a key's echo: the terminal has it before anybody here thinks about it.
      const early = this.#blocked === undefined && this.#guarded((split) => split.passes(chunk));
      if (early === true) this.#write(chunk);
      this.#write(this.#rewrite(chunk, early === true));
      this.#watchFrame();
      this.#parts.onOutput?.();
      if (this.#blocked !== undefined) await this.#blocked;
      if (this.#parts.clock.monotonic() - this.#glancedAt > GLANCE_MS) this.refresh();
      this.#settling ??= this.#parts.clock.after(SETTLE_MS, () => this.#settle());
    }
  }

  /** A frame that is not closed in time is given up. Each frame has its own time. */
  #watchFrame(): void {
    const frame = this.#split?.openFrame ?? 0;
    if (frame === 0 || frame === this.#frame) return;
    this.#frame = frame;
    this.#frameEnd?.[Symbol.dispose]();
    this.#frameEnd = this.#parts.clock.after(OPEN_FRAME_MS, () => {
      if (this.#split?.openFrame !== frame) return;
      this.#split.giveFrameUp();
      this.#paint();
    });
  }

  #settle(): void {
    this.#settling = undefined;
    this.#guarded((split) => split.settle());
  }

  async #pumpInput(): Promise<void> {
    const { terminal, pty, replies, onInput } = this.#parts;
    for await (const chunk of terminal.input) {
      pty.write(replies.passes(chunk) ? chunk : this.#reply(chunk));
      onInput?.(chunk);
    }
    this.#gone.resolve();
  }

  /** What is still to be written of the chunk, and after it. */
  #rewrite(chunk: Uint8Array, written: boolean): Uint8Array {
    const rest = this.#guarded((split) => split.feedChild(chunk, written));
    return rest ?? (written ? NOTHING : chunk);
  }

  #reply(chunk: Uint8Array): Uint8Array {
    this.#escape?.[Symbol.dispose]();
    this.#escape = undefined;
    const { replies, clock, pty } = this.#parts;
    return (
      this.#guarded(() => {
        const { child } = replies.feed(chunk);
        if (replies.holding) {
          const wait = replies.holdsReport ? REPORT_MS : ESC_MS;
          this.#escape = clock.after(wait, () => pty.write(replies.flush()));
        }
        return child;
      }) ?? chunk
    );
  }

  /** Gives the child an answer in the terminal's place; false where it would cut other input. */
  #answer(answer: string): boolean {
    const { replies, pty } = this.#parts;
    if (!replies.betweenInput) return false;
    pty.write(encode(answer));
    return true;
  }

  #resize(size: TerminalSize): void {
    const child = this.#guarded((split) => {
      const resized = split.resize(size, this.#parts.view.height(size));
      this.#write(resized.bytes);
      return resized.childSize;
    });
    this.#parts.pty.resize(child ?? size);
    this.refresh();
  }

  /** Runs a part of the pane; an error in it takes the pane away and nothing else. */
  #guarded<T>(part: (split: Split) => T): T | undefined {
    const split = this.#split;
    if (split === undefined) return undefined;
    try {
      return part(split);
    } catch (error) {
      this.#losePane(messageOf(error));
      return undefined;
    }
  }

  #losePane(why: string): void {
    const { log, pty, terminal, onPaneLost } = this.#parts;
    this.#split = undefined;
    this.#spinner?.[Symbol.dispose]();
    log.debug("wrapper", `pane turned off: ${why}`);
    this.#write(encode(decstbm()));
    pty.resize(terminal.size); // The child repaints itself, now on the whole screen.
    onPaneLost?.();
  }

  #leave(): void {
    const { terminal, split } = this.#parts;
    let reset = encode(resetTerminal);
    try {
      reset = split.leave();
    } catch {
      // The pane's own account of what to reset is lost; the full list serves.
    }
    terminal.writeLast(reset, LAST_WORDS_MS);
    terminal.setRaw(false);
  }

  async #hangUp(): Promise<PtyExit> {
    const { pty, clock } = this.#parts;
    pty.close();
    const { promise, resolve } = Promise.withResolvers<PtyExit>();
    using _late = clock.after(HANGUP_MS, () => resolve({ signal: SIGHUP }));
    return await Promise.race([pty.exited, promise]);
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { terminal } = this.#parts;
    try {
      const blocked = terminal.write(bytes);
      if (blocked === undefined) return;
      this.#blocked = blocked.then(
        () => {
          this.#blocked = undefined;
          this.refresh();
        },
        () => this.#gone.resolve(),
      );
    } catch {
      this.#gone.resolve(); // Lost: the errno; a terminal that cannot be written to is gone.
    }
  }
}
