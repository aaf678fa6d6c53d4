/**
 * Stands in for `cdp` where a benchmark is to show that it can miss its goals: it starts late,
 * holds every byte up, keeps all output, 100 MB and 2 MB more each second, never rests and writes
 * by itself.
 */
import { setRawMode } from "./terminal.ts";

const startMs = 60;
const holdMs = 60;
const ballast = new Uint8Array(100 * 1024 * 1024).fill(1);
const kept: Uint8Array[] = [];
const [, ...args] = process.argv.slice(2);
const child = process.env["CDP_CODEX_BIN"] ?? "codex";

setRawMode(0);
Bun.sleepSync(startMs);
const program = Bun.spawn([child, ...args], {
  terminal: {
    rows: 30,
    cols: 100,
    data(_, bytes) {
      kept.push(bytes.slice());
      Bun.sleepSync(holdMs);
      process.stdout.write(bytes);
    },
  },
});
process.stdin.on("data", (bytes) => void program.terminal?.write(bytes));
process.stdin.on("end", () => process.exit(129));
setInterval(() => {
  process.stdout.write("\x1b[?25h");
  kept.push(new Uint8Array(2_000_000).fill(1));
}, 1000);
setInterval(() => {
  const end = performance.now() + 2;
  while (performance.now() < end) ballast[0] = kept.length;
}, 100);
process.exit(await program.exited);
