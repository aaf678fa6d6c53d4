// A program in Codex's place that asks its terminal for OSC 7501 before it tells anything: `main` or
// `alternate` as its screen, `st` or `bel` as its query's end, `cut` for one byte a write. It says
// what it received, and how often it got the answer; once it has one, each key is a state: `w` is
// working, `b` blocked, any other idle. `q` ends it.
import { setTimeout as sleep } from "node:timers/promises";

const [screen, end, cut] = process.argv.slice(2);
const terminator = end === "bel" ? "\x07" : "\x1b\\";
const query = `\x1b]7501;?${terminator}`;
const states: Readonly<Record<string, string>> = { w: "working", b: "blocked:kind=permission" };

process.stdin.setRawMode(true);
if (screen === "alternate") process.stdout.write("\x1b[?1049h\x1b[?2004h");
process.stdout.write("\x1b[1;1HAsking\r\n");
if (cut === "cut") {
  for (const letter of query) {
    process.stdout.write(letter);
    // oxlint-disable-next-line no-await-in-loop -- so that each is a read of its own
    await sleep(3);
  }
} else process.stdout.write(query);

let received = "";
for await (const chunk of process.stdin) {
  received += String(chunk);
  const answers = received.split(query).length - 1;
  const keys = received.replaceAll(query, "");
  process.stdout.write(`\x1b[2;1H\x1b[Kanswers=${answers} keys=${JSON.stringify(keys)} .\r\n`);
  if (keys.endsWith("q")) break;
  if (answers > 0) {
    const state = states[keys.at(-1) ?? ""] ?? "idle";
    process.stdout.write(`\x1b]7501;state=${state}:app=codex\x1b\\`);
  }
}
if (screen === "alternate") process.stdout.write("\x1b[?2004l\x1b[?1049l");
process.exit(0);
