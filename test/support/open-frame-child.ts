// A program in Codex's place that begins a frame (?2026) and never ends it: `w` makes it say that it
// works, still within the frame; `q` ends it.
import { stdin, stdout } from "node:process";

stdin.setRawMode(true);
stdout.write("\x1b[?1049h\x1b[?2026h\x1b[1;1Hnever ended");
for await (const key of stdin) {
  if (String(key) === "q") break;
  stdout.write("\x1b]7501;state=working:app=codex\x1b\\");
}
process.exit(0);
