import { waitFor } from "../../../test/support/wait-for.ts";
import { differenceOf, fail } from "./report.ts";

export interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** How a terminal is to be opened: size in cells, and the program with its surroundings. */
export interface Opening {
  readonly size: Size;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A terminal program that people use, driven from outside. */
export interface RealTerminal extends AsyncDisposable {
  /** Process id of the program in it. */
  readonly pid: number;
  /** The rows of the screen, without spaces at their ends. */
  screen(): Promise<string[]>;
  /** What has left the top of the screen, and the screen, without empty rows at the end. */
  everything(): Promise<string[]>;
  type(text: string): Promise<void>;
  resize(size: Size): Promise<void>;
  /** Saves what the window looks like as PNG; the terminal must have a window. */
  picture?(path: string): Promise<void>;
}

/** How often a screen is looked at, ms. */
const LOOK_MS = 150;

/** How the rows of the pane begin. */
const PANE_EDGE = "▌";

/** Looks until the screen matches and rests, but for the pane's spinner; resolves with its rows. */
export async function settled(
  terminal: RealTerminal,
  wanted: RegExp,
  deadlineMs = 10_000,
): Promise<string[]> {
  const end = performance.now() + deadlineMs;
  let before: readonly string[] = [];
  while (performance.now() < end) {
    const rows = await terminal.screen();
    const below = rows.filter((row) => !row.startsWith(PANE_EDGE));
    if (wanted.test(rows.join("\n")) && differenceOf(below, before) === undefined) return rows;
    before = below;
    await Bun.sleep(LOOK_MS);
  }
  return fail(
    `waited ${deadlineMs} ms for ${String(wanted)}; the screen:\n${tidy(before.join("\n")).join("\n")}`,
  );
}

/** Gives the terminal another size and waits until the program in it can know. */
export async function resized(terminal: RealTerminal, { rows, cols }: Size): Promise<void> {
  await terminal.resize({ rows, cols });
  const stty = ["stty", "-F", `/proc/${terminal.pid}/fd/0`, "size"];
  await waitFor(`a size of ${rows} x ${cols}`, () => {
    return Bun.spawnSync(stty).stdout.toString().trim() === `${rows} ${cols}`;
  });
}

/** Rows as terminals differ in telling them: spaces at their ends, empty rows at the end. */
export function tidy(text: string): string[] {
  const rows = text.split("\n").map((row) => row.trimEnd());
  return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
}
