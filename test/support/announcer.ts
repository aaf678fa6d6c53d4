// A program in Codex's place that announces a state by OSC 7501 for each key: `w` is working, `b`
// blocked by an approval, any other idle. For each it prints the moment before the write to the file that its argument names
// (wall clock, ms). `q` ends it.
import { appendFileSync } from "node:fs";

const file = process.argv[2]!;
process.stdin.setRawMode(true);
process.stdout.write("\x1b[?1049hAnnouncer\x1b]7501;state=idle:app=codex\x1b\\");
reading: for await (const keys of process.stdin) {
  for (const letter of String(keys)) {
    if (letter === "q") break reading;
    const state = letter === "w" ? "working" : letter === "b" ? "blocked" : "idle";
    const kind = letter === "b" ? ":kind=permission" : "";
    const at = performance.timeOrigin + performance.now();
    process.stdout.write(`\x1b]7501;state=${state}:app=codex${kind}\x1b\\`);
    appendFileSync(file, `${at}\n`);
  }
}
process.stdout.write("\x1b[?1049l");
process.exit(0);
