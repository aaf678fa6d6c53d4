import { Parser } from "../terminal/parser.ts";
import { DSR_CPR } from "../terminal/ansi.ts";
import { openCodexFiles, type CodexFiles } from "./codex-files.ts";
import { enterBytes, leaveBytes, Painter, statusBytes, titleBytes } from "./paint.ts";
import { parseRecording, type Recording, type TitleSign } from "./recording.ts";
import { frameOf, sceneAt } from "./scene.ts";

export interface PlayOptions {
  /** A recording, one JSON object a line. */
  readonly recording: string;
  /** Above 0; 1 is as it was recorded. */
  readonly speed: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Codex draws up to 30 frames a second while text appears. */
const frameMs = 33;
const titleMs = 100;
/** Codex waits so long for the cursor report before it draws at a new size. */
const reportMs = 2000;
/** An escape character that nothing follows is the Esc key. */
const escMs = 50;
/** How long an answer to the last query may take: later it would end up in the shell. */
const farewellMs = 100;

/**
 * Plays a recording on this process's terminal and into Codex's files, as Codex 0.169 would have
 * produced it, until it is over or somebody presses q, Esc or Ctrl-C.
 *
 * @returns the exit status, always 0
 */
export async function playRecording(options: PlayOptions): Promise<number> {
  const recording = parseRecording(options.recording);
  using files = openCodexFiles(options.env, {
    thread: Bun.randomUUIDv7(),
    turn: Bun.randomUUIDv7(),
    client: crypto.randomUUID(),
    cwd: process.cwd(),
    created: new Date().toISOString(),
  });
  const stage = new Stage(recording, files, options);
  await stage.play();
  return 0;
}

class Stage {
  readonly #recording: Recording;
  readonly #files: CodexFiles;
  readonly #speed: number;
  readonly #painter: Painter;
  readonly #start = performance.now();
  #done = 0;
  #title: { readonly text: string; readonly sign: TitleSign } = { text: "", sign: "none" };
  #shownTitle = "";
  #over = false;
  /** The terminal has said what it is, which Codex asks first and last. */
  #answered = false;
  #wake: () => void = () => undefined;
  /** The size the next frame has; a new one counts once the cursor report has come. */
  #size = sizeNow();
  #reportDue: Timer | undefined;

  constructor(recording: Recording, files: CodexFiles, { speed, env }: PlayOptions) {
    this.#recording = recording;
    this.#files = files;
    this.#speed = speed;
    this.#painter = new Painter((env["NO_COLOR"] ?? "") === "");
  }

  async play(): Promise<void> {
    const resized = (): void => this.#resized();
    process.on("SIGWINCH", resized);
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    listen((key) => this.#pressed(key));
    await write(enterBytes);
    while (!this.#over && this.#elapsed < this.#recording.length) {
      await this.#perform(this.#elapsed);
      await this.#pause(this.#nextMoment(this.#elapsed));
    }
    await this.#perform(this.#elapsed);
    this.#answered = false;
    await write(leaveBytes);
    const end = this.#elapsed + farewellMs * this.#speed;
    while (process.stdin.isTTY && !this.#answered && this.#elapsed < end) await this.#pause(end);
    process.off("SIGWINCH", resized);
    clearTimeout(this.#reportDue);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.destroy();
  }

  get #elapsed(): number {
    return (performance.now() - this.#start) * this.#speed;
  }

  /** Everything that is due, then one frame. */
  async #perform(elapsed: number): Promise<void> {
    const { steps } = this.#recording;
    let bytes = "";
    while (this.#done < steps.length && (steps[this.#done]?.at ?? Infinity) <= elapsed) {
      bytes += this.#take();
    }
    const title = titleBytes(this.#title.text, this.#title.sign, elapsed);
    if (title !== this.#shownTitle) bytes += title;
    this.#shownTitle = title;
    if (this.#reportDue === undefined) {
      const scene = sceneAt(this.#recording, elapsed);
      bytes += this.#painter.frame(frameOf(scene, elapsed, this.#size));
    }
    if (bytes !== "") await write(bytes);
  }

  /** Performs the next step, and with it the rollout items that follow at the same moment. */
  #take(): string {
    const { steps } = this.#recording;
    const step = steps[this.#done++];
    if (step === undefined) return "";
    switch (step.type) {
      case "status":
        return statusBytes(step.payload);
      case "title":
        this.#title = step;
        break;
      case "sessionLog":
        this.#files.sessionLog(step.entry, Date.now());
        break;
      case "rollout": {
        const items = [step.item];
        for (let next = steps[this.#done]; next?.at === step.at; next = steps[++this.#done]) {
          if (next.type !== "rollout") break;
          items.push(next.item);
        }
        this.#files.rollout(items, Date.now());
        break;
      }
      case "screen": // Drawn with everything else that stands at that moment.
        break;
    }
    return "";
  }

  /** When, in the recording's time, something may look different. */
  #nextMoment(elapsed: number): number {
    const scene = sceneAt(this.#recording, elapsed);
    const next = this.#recording.steps[this.#done]?.at ?? this.#recording.length;
    const appears = scene.appearsUntil > elapsed;
    if (!appears && scene.busy === "" && this.#title.sign === "none") return next;
    return Math.min(next, elapsed + (appears ? frameMs : titleMs) * this.#speed);
  }

  /** Until a moment of the recording, or until something happens. */
  async #pause(until: number): Promise<void> {
    const ms = Math.max(1, (until - this.#elapsed) / this.#speed);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  #pressed(key: Key): void {
    if (key === "quit") this.#over = true;
    if (key === "attributes") this.#answered = true;
    if (key === "cursorReport" && this.#reportDue !== undefined) this.#redraw();
    this.#wake();
  }

  #resized(): void {
    clearTimeout(this.#reportDue);
    this.#reportDue = setTimeout(() => {
      this.#redraw();
      this.#wake();
    }, reportMs);
    void write(DSR_CPR);
  }

  #redraw(): void {
    clearTimeout(this.#reportDue);
    this.#reportDue = undefined;
    this.#size = sizeNow();
    this.#painter.reset();
  }
}

type Key = "quit" | "cursorReport" | "attributes";

/** Esc, q, Ctrl-C: as characters, and as the kitty keyboard protocol spells their press. */
const quitCharacters = /[q\u0003]/;
const quitSequence = /^\[(?:27(?:;1(?::1)?)?|113(?:;1(?::1)?)?|99;5(?::1)?)u$/;
const reportSequence = /^\[\d{1,5};\d{1,5}R$/;
const attributesSequence = /^\[\?[\d;]{1,64}c$/;

function listen(pressed: (key: Key) => void): void {
  const text = (bytes: Uint8Array, from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).toString("latin1");
  const parser = new Parser({
    text: (bytes, from, to) => {
      if (quitCharacters.test(text(bytes, from, to))) pressed("quit");
    },
    sequence: (bytes, from, to) => {
      const sequence = text(bytes, from + 1, to);
      if (quitSequence.test(sequence)) pressed("quit");
      if (reportSequence.test(sequence)) pressed("cursorReport");
      if (attributesSequence.test(sequence)) pressed("attributes");
    },
    string: () => undefined,
  });
  let alone: Timer | undefined;
  process.stdin.on("data", (chunk: Buffer) => {
    clearTimeout(alone);
    parser.feed(chunk);
    if (chunk.at(-1) === 0x1b) alone = setTimeout(() => pressed("quit"), escMs);
  });
  // A terminal that has gone kills us with SIGHUP; the error of the read tells nothing more.
  process.stdin.on("error", () => undefined);
}

function sizeNow(): { readonly rows: number; readonly cols: number } {
  const { columns, rows } = process.stdout;
  return { rows: Math.max(1, rows || 24), cols: Math.max(1, columns || 80) };
}

function write(bytes: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(bytes, () => resolve());
  });
}
