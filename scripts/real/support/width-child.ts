// Runs in a terminal: writes texts at many places, asks the terminal each time where the cursor is,
// and keeps the answers in the file that WIDTHS_TO names. The argument is the screen to write on.
import { writeFileSync } from "node:fs";
import { openTty } from "./tty.ts";
import { widthCases } from "./width-cases.ts";

const ESC = "\x1b";
/** Between a text and the question, so that a pane that wants to paint has its chance. */
const PAUSE_MS = 3;

const alternate = process.argv[2] === "alternate";
const { columns, rows } = process.stdout;
const tty = openTty();
const answers: string[] = [];
tty.say(alternate ? `${ESC}[?1049h${ESC}[H` : "");
for (const [name, text] of Object.entries(widthCases)) await measure(name, text);
tty.say(`${ESC}[H${ESC}[2J${ESC}[3J`);
gallery();
writeFileSync(process.env["WIDTHS_TO"] ?? "", answers.join("\n"));
tty.say("all measured");
await tty.heard(/q/, Infinity);
tty.say(alternate ? `${ESC}[?1049l` : "\r\n");
process.exit(0);

/** At the left and at the right edge, where a letter more or less goes to the next row. */
async function measure(name: string, text: string): Promise<void> {
  tty.say(`${ESC}[2J`);
  const places = alternate ? [1, columns - 2, columns - 1, columns] : [1, columns];
  for (const [at, col] of places.entries()) {
    const ed = 1 + (at % 2);
    // At the bottom a letter more or less scrolls the screen or not.
    for (const row of alternate ? [2 + 3 * at, rows] : [2 + 3 * at]) {
      tty.say(`${ESC}]7501;state=${ed === 1 ? "working" : "idle"}:app=codex${ESC}\\`);
      tty.say(`${ESC}[${row};${col}H${text}`);
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      await Bun.sleep(PAUSE_MS);
      tty.say("x");
      // oxlint-disable-next-line no-await-in-loop -- the same
      answers.push(`${name} at row ${row}, column ${col}: ${await tty.cursor()}`);
    }
    tty.say(`${ESC}[9;4H${text}${ESC}[${ed}J`);
    // oxlint-disable-next-line no-await-in-loop -- the same
    answers.push(`${name}, then ED ${ed}: ${await tty.cursor()}`);
  }
}

/** All texts one below the other: on the main screen most of them go into the scrollback. */
function gallery(): void {
  tty.say(`${"漢".repeat(columns)}\r\n`);
  for (const [name, text] of Object.entries(widthCases)) {
    tty.say(`${ESC}[3${(name.length % 7) + 1}m|${text.repeat(3)}|${ESC}[m ${name}\r\n`);
  }
}
