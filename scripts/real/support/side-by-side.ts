import { differenceOf, fail } from "./report.ts";
import type { Opening, Size } from "./real-terminal.ts";
import { type Guise, goAlone, openStage, PANE_ROWS, sizeFor, type Stage } from "./stage.ts";
import { startTmux, type TmuxTerminal } from "./tmux.ts";

/** The same program in two panes of tmux: bare, and beneath `cdp` in a taller one. */
export interface SideBySide extends AsyncDisposable {
  readonly stage: Stage;
  readonly bare: TmuxTerminal;
  readonly wrapped: TmuxTerminal;
  /**
   * Types into both and waits until the bare one shows `wanted` and both show the same, cell for
   * cell with attributes, the cursor, the modes and the title too. Throws the differences.
   */
  step(keys: string, wanted: RegExp): Promise<void>;
  /** Types into both and waits for the next screen, which may be the same once more. */
  next(keys: string): Promise<string>;
  /** Clicks on a cell of the program, counted from 1, as it asked to be told. */
  click(cell: Cell, wanted: RegExp, encoding?: MouseEncoding): Promise<void>;
  /** Types the program's end into both; what they leave, scrollback included, must be the same. */
  ends(keys: string, wanted?: RegExp): Promise<void>;
  resize(size: Size): Promise<void>;
}

export interface SideBySideOptions {
  /** A line of shell that ends in the program. */
  readonly program: string;
  /** What runs in the terminals. Default `goAlone`. */
  readonly opening?: (stage: Stage, guise: Guise, size: Size) => Opening;
  readonly variables?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly size?: Size;
  /** Makes rows the same that may differ (time and load). */
  readonly mask?: (row: string) => string;
  readonly prepare?: (folder: string) => void;
}

const DEADLINE_MS = 10_000;
/** How long a program takes at most to begin with its next screen. */
const REPEAT_MS = 800;

export async function openSideBySide(options: SideBySideOptions): Promise<SideBySide> {
  await using made = new AsyncDisposableStack();
  const stage = made.use(openStage(options.program, options.variables));
  options.prepare?.(stage.folder);
  const size = options.size ?? { rows: 30, cols: 100 };
  const tmux = made.use(await startTmux(stage.folder, stage.env("bare")));
  const { opening = goAlone, cwd = stage.folder } = options;
  const open = (guise: Guise) => tmux.open({ ...opening(stage, guise, size), cwd });
  const bare = await open("bare");
  const wrapped = await open("cdp");
  const mask = options.mask ?? ((row: string) => row);
  const owned = made.move();

  const agreeOn = (wanted: RegExp, after: string): Promise<void> =>
    agree(() => differenceNow(bare, wrapped, mask, wanted), `after ${after}`);
  return {
    stage,
    bare,
    wrapped,
    async step(keys, wanted) {
      if (keys !== "") await Promise.all([bare.type(keys), wrapped.type(keys)]);
      await agreeOn(wanted, JSON.stringify(keys));
    },
    async next(keys) {
      const before = (await bare.screen()).join("\n");
      await Promise.all([bare.type(keys), wrapped.type(keys)]);
      let now = before;
      const start = performance.now();
      await agree(
        async () => {
          now = (await bare.screen()).join("\n");
          if (now === before && performance.now() - start < REPEAT_MS) return "nothing new";
          return differenceNow(bare, wrapped, mask, /^/);
        },
        `after ${JSON.stringify(keys)}, before it\n${before}\n`,
      );
      return now;
    },
    async click({ row, col }, wanted, encoding = "sgr") {
      await bare.type(clicks[encoding](row, col));
      await wrapped.type(clicks[encoding](row + PANE_ROWS, col));
      await agreeOn(wanted, `a click on row ${row}, column ${col}`);
    },
    async ends(keys, wanted = /\[status \d+\]/) {
      await Promise.all([bare.type(keys), wrapped.type(keys)]);
      await agree(() => differenceAtEnd(bare, wrapped, mask, wanted), "at the end");
    },
    async resize(to) {
      await Promise.all([bare.resize(sizeFor("bare", to)), wrapped.resize(sizeFor("cdp", to))]);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Cell {
  readonly row: number;
  readonly col: number;
}

type MouseEncoding = keyof typeof clicks;

/** The left button pressed and released, as terminals report it. */
const clicks = {
  sgr: (row: number, col: number) => `\x1b[<0;${col};${row}M\x1b[<0;${col};${row}m`,
  x10: (row: number, col: number) =>
    [0, 3].map((b) => `\x1b[M${String.fromCodePoint(32 + b, 32 + col, 32 + row)}`).join(""),
} as const;

type Mask = (row: string) => string;

/** What tells the two apart now; `undefined` for nothing. */
async function differenceNow(
  bare: TmuxTerminal,
  wrapped: TmuxTerminal,
  mask: Mask,
  wanted: RegExp,
): Promise<string | undefined> {
  const [rows, plain, below] = await Promise.all([
    wrapped.styledScreen(),
    bare.screen(),
    bare.styledScreen(),
  ]);
  if (!wanted.test(plain.join("\n"))) return `bare never shows ${wanted}:\n${plain.join("\n")}`;
  const text = differenceOf(rows.slice(PANE_ROWS).map(mask), below.map(mask));
  if (text !== undefined) return text;
  if (!rows[0]?.includes("CODEX")) return `no pane in the first row: ${JSON.stringify(rows[0])}`;
  const [cdp, alone] = await Promise.all([wrapped.state(), bare.state()]);
  return differenceOf(
    Object.entries({ ...cdp, row: cdp.row - PANE_ROWS }).map(String),
    Object.entries(alone).map(String),
  );
}

async function differenceAtEnd(
  bare: TmuxTerminal,
  wrapped: TmuxTerminal,
  mask: Mask,
  wanted: RegExp,
): Promise<string | undefined> {
  const [rows, below] = await Promise.all([wrapped.everything(), bare.everything()]);
  if (!wanted.test(below.join("\n"))) return `bare never shows ${wanted}:\n${below.join("\n")}`;
  const text = differenceOf(rows.map(mask), below.map(mask));
  if (text !== undefined) return text;
  const [{ row: _, ...cdp }, { row: __, ...alone }] = [await wrapped.state(), await bare.state()];
  return differenceOf(Object.entries(cdp).map(String), Object.entries(alone).map(String));
}

/** Asks until there is no difference; throws the last one at the deadline. */
async function agree(difference: () => Promise<string | undefined>, when: string): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  let last = await difference();
  while (last !== undefined) {
    if (performance.now() > end) fail(`${when}: ${last}`);
    await Bun.sleep(100);
    last = await difference();
  }
}
