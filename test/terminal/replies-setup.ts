import { MouseModes } from "../../src/terminal/mouse-modes.ts";
import type { PaneMouse } from "../../src/terminal/mouse.ts";
import type { TerminalSize } from "../../src/terminal/terminal.ts";
import { Queries, type QueryKind } from "../../src/terminal/queries.ts";
import { Replies } from "../../src/terminal/replies.ts";

export const PANE = 2;
const CHILD = 22;

export interface Setting {
  readonly shift?: number;
  readonly pane?: number;
  /** DEC private modes the child has set, in order. */
  readonly modes?: readonly number[];
  readonly asked?: readonly QueryKind[];
}

export interface Input {
  readonly replies: Replies;
  readonly queries: Queries;
  readonly mouse: MouseModes;
  /** What the other side says; a test may change it. */
  readonly split: { paneRows: number; childSize: TerminalSize };
  feed(text: string | Uint8Array): string;
  readonly clicks: PaneMouse[];
}

export function openInput({
  pane = PANE,
  shift = pane,
  modes = [],
  asked = [],
}: Setting = {}): Input {
  const mouse = new MouseModes();
  for (const mode of modes) mouse.set(mode, true);
  const queries = new Queries();
  for (const kind of asked) queries.asked(kind, shift);
  const split = {
    input: { mouse, rowShift: shift, inBandResize: false },
    queries,
    paneRows: pane,
    childSize: { rows: CHILD, cols: 80 },
  };
  const replies = new Replies(split);
  const clicks: PaneMouse[] = [];
  return {
    replies,
    split,
    queries,
    mouse,
    clicks,
    feed(text) {
      const { child, pane: seen } = replies.feed(bytes(text));
      clicks.push(...seen);
      return latin1(child);
    },
  };
}

const bytes = (text: string | Uint8Array): Uint8Array =>
  typeof text === "string" ? Buffer.from(text, "latin1") : text;
export const latin1 = (data: Uint8Array): string => Buffer.from(data).toString("latin1");
export const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

export const SGR = [1000, 1002, 1003, 1006];
