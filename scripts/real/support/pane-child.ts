// Runs in a terminal: paints a pane again and again with rows that are hard to measure, above rows of
// its own, and asks each time where the cursor is. Ends with a line that tells what moved it.
import { cup, decset, decstbm, MODE } from "../../../src/terminal/ansi.ts";
import { neutral, paneText } from "../../../src/terminal/paint.ts";
import { fit, sanitize } from "../../../src/terminal/text.ts";
import { openTty } from "./tty.ts";
import { widthCases } from "./width-cases.ts";

const HEIGHT = 2;
const { columns, rows } = process.stdout;
const home = cup(rows - 1, 9);
const tty = openTty();
/** What a child leaves that has bent nothing. */
const plain = {
  cursorShown: true,
  autowrap: true,
  insert: false,
  columns: "",
  charset: "",
  link: "",
  inFrame: false,
};

tty.say(decset(MODE.ALT_1049) + decstbm(HEIGHT + 1, rows));
for (let row = HEIGHT + 1; row < rows; row += 1) tty.say(`${cup(row)}row ${row}`);
tty.say(home);
const moved: string[] = [];
for (const [name, text] of Object.entries(widthCases)) {
  const clean = sanitize(text);
  const panes = [
    // As it is never drawn: as it came, and too long for any row.
    [`▌${text.repeat(columns)}`, `▌${text.repeat(columns)}end`],
    // As it is drawn: cleaned, and fitted to the row.
    [`▌${fit(clean.repeat(columns), columns - 1)}`, `▌${fit(clean, columns - 4)}end`],
  ];
  for (const pane of panes) {
    tty.say(neutral(plain, paneText(pane, HEIGHT), home));
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const at = await tty.cursor();
    if (at !== `${rows - 1};9`) moved.push(`${name}: ${at}`);
  }
}
tty.say(neutral(plain, paneText(["▌first", "▌second"], HEIGHT), cup(rows)));
tty.say(moved.length === 0 ? "nothing moved" : moved.join(", "));
await tty.heard(/q/, Infinity);
process.exit(0);
