import { openEmulator } from "../../src/terminal/emulator.ts";
import { Replies } from "../../src/terminal/replies.ts";
import { Split } from "../../src/terminal/split.ts";
import { StatusQueries } from "../../src/terminal/status-queries.ts";
import { FakeClock } from "../support/fake-clock.ts";

export const ST = "\x1b\\";
export const QUERY = `\x1b]7501;?${ST}`;
export const report = (state: string, end = ST): string =>
  `\x1b]7501;state=${state}:app=codex${end}`;
export const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** A child with a pane above it, on one of its two screens, and a terminal. */
export function openAsked({ screen = "", waitMs = 50, paneRows = 2 } = {}) {
  const clock = new FakeClock();
  const status = new StatusQueries({ clock, waitMs });
  const strings: string[] = [];
  const split = new Split({
    size: { rows: 24, cols: 80 },
    paneRows,
    emulator: openEmulator,
    status,
    onString: ({ content }) => void strings.push(Buffer.from(content).toString("latin1")),
  });
  const replies = new Replies(split);
  const ends = { shown: "", got: "" };
  status.connect((answer) => {
    if (!replies.betweenInput) return false;
    ends.got += answer;
    return true;
  });
  const child = (text: string | Uint8Array): void => {
    const chunk = (typeof text === "string" ? bytes(text) : text).slice();
    ends.shown += Buffer.from(split.feedChild(chunk)).toString("latin1");
  };
  const terminal = (text: string | Uint8Array): void => {
    const chunk = typeof text === "string" ? bytes(text) : text;
    const { child: given } = replies.feed(chunk);
    ends.got += Buffer.from(given).toString("latin1");
  };
  child(screen);
  ends.shown = "";
  return { clock, status, split, replies, ends, strings, child, terminal };
}
