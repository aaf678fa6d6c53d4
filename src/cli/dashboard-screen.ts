import type { Clock } from "../lib/clock.ts";
import { nextFrame, noFrame, type Frame } from "../terminal/frame.ts";
import { KeyReader } from "../terminal/keys.ts";
import type { Input } from "../terminal/key-names.ts";
import { resetTerminal } from "../terminal/reset.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Model } from "../ui/dashboard/model.ts";
import { type Effect, type Message, update } from "../ui/dashboard/update.ts";
import { nextChange, view } from "../ui/dashboard/view.ts";

export interface ScreenOptions {
  readonly terminal: Terminal;
  readonly model: Model;
  readonly clock: Clock;
  readonly onEffect: (effect: Effect) => void;
  /** A key was pressed, or the mouse. */
  readonly onInput?: () => void;
  /** Ctrl-Z. */
  readonly onSuspend: () => void;
  /** The terminal is gone. Nothing is called any more. */
  readonly onGone: () => void;
  /** Something of ours failed. */
  readonly onFault: (error: unknown) => void;
}

/** A lone ESC is the key when nothing has followed for so long, ms. */
const escMs = 50;
/** No terminal draws more often. */
const frameMs = 33;
/** How long a terminal that has stopped may hold up our end. */
const lastWordsMs = 100;

const encoder = new TextEncoder();

/** The dashboard on a terminal, from the first frame until it is disposed: then all is as found. */
export class Screen implements Disposable {
  readonly #options: ScreenOptions;
  readonly #reader = new KeyReader();
  readonly #release = new DisposableStack();
  #model: Model;
  #shown: Frame;
  #blocked = false;
  #away = false;
  #paintedAt = -Infinity;
  #escape: Disposable | undefined;
  #soon: Disposable | undefined;
  #change: Disposable | undefined;

  constructor(options: ScreenOptions) {
    const { terminal, model } = options;
    this.#options = options;
    this.#model = model;
    this.#shown = noFrame(model.size);
    this.#release.defer(() => this.#leave());
    for (const timer of [() => this.#escape, () => this.#soon, () => this.#change]) {
      this.#release.defer(() => timer()?.[Symbol.dispose]());
    }
    terminal.setRaw(true);
    this.#release.use(terminal.onResize((size) => this.send({ type: "size", size })));
    void this.#read();
    this.#paint();
  }

  get model(): Model {
    return this.#model;
  }

  /** Something happened. What is to be done about it comes through `onEffect`. */
  send(...messages: readonly Message[]): void {
    this.#guarded(() => {
      for (const message of messages) {
        const { model, effects } = update(this.#model, message);
        this.#model = model;
        for (const effect of effects) this.#options.onEffect(effect);
      }
      this.#paintSoon();
    });
  }

  /** Somebody else has had the terminal meanwhile: takes it back and draws everything. */
  reclaim(): void {
    const { terminal } = this.#options;
    terminal.setRaw(true);
    this.#away = false;
    this.#shown = noFrame(this.#model.size);
    this.send({ type: "size", size: terminal.size });
  }

  /** Gives the terminal to whoever comes next, until `reclaim`. */
  giveBack(): void {
    if (this.#away) return;
    this.#leave();
    this.#away = true;
    this.#shown = noFrame(this.#model.size);
  }

  [Symbol.dispose](): void {
    this.#release.dispose();
  }

  #paintSoon(): void {
    const { clock } = this.#options;
    const wait = this.#paintedAt + frameMs - clock.monotonic();
    if (wait <= 0) return this.#paint();
    this.#soon ??= clock.after(wait, () => this.#guarded(() => this.#paint()));
  }

  #paint(): void {
    this.#soon?.[Symbol.dispose]();
    this.#soon = undefined;
    if (this.#blocked || this.#away || this.#release.disposed) return;
    const { clock } = this.#options;
    this.#model = update(this.#model, { type: "tick", now: clock.now() }).model;
    const next = view(this.#model);
    const bytes = nextFrame(this.#shown, next);
    this.#shown = next;
    this.#paintedAt = clock.monotonic();
    if (bytes !== "") this.#write(bytes);
    this.#change?.[Symbol.dispose]();
    this.#change = clock.after(nextChange(this.#model), () => this.#guarded(() => this.#paint()));
  }

  #write(bytes: string): void {
    const { terminal, onGone } = this.#options;
    try {
      const taken = terminal.write(encoder.encode(bytes));
      if (taken === undefined) return;
      this.#blocked = true;
      taken.then(
        () => {
          this.#blocked = false;
          this.#guarded(() => this.#paint());
        },
        () => onGone(),
      );
    } catch {
      onGone(); // Lost: the errno; a terminal that cannot be written to is gone.
    }
  }

  async #read(): Promise<void> {
    const { terminal, clock, onGone } = this.#options;
    for await (const chunk of terminal.input) {
      this.#escape?.[Symbol.dispose]();
      this.#guarded(() => this.#take(this.#reader.feed(chunk)));
      if (!this.#reader.pending) continue;
      this.#escape = clock.after(escMs, () =>
        this.#guarded(() => this.#take(this.#reader.flush())),
      );
    }
    onGone();
  }

  #take(inputs: readonly Input[]): void {
    if (inputs.length > 0) this.#options.onInput?.();
    if (inputs.some(isSuspend)) this.#options.onSuspend();
    else this.send(...inputs);
  }

  #guarded(run: () => void): void {
    if (this.#release.disposed) return;
    try {
      run();
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #leave(): void {
    const { terminal } = this.#options;
    terminal.writeLast(this.#farewell(), lastWordsMs);
    terminal.setRaw(false);
  }

  #farewell(): Uint8Array {
    // In the middle of a write nobody knows where the terminal stands: then everything goes.
    if (this.#blocked) return encoder.encode(resetTerminal);
    return encoder.encode(nextFrame(this.#shown, noFrame(this.#model.size)));
  }
}

function isSuspend(input: Input): boolean {
  return input.type === "key" && input.key.ctrl && input.key.name === "z";
}
