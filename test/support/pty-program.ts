/** A small program for `test/pty/addon.test.ts` to compile: spawns one child and says by which backend. */
import { loadPtyAddon } from "../../src/pty/addon.ts";
import { parsePtyChoice, selectPty } from "../../src/pty/select.ts";

const choice = process.argv[2];
if (choice !== "none") {
  const spawn = await selectPty(parsePtyChoice(choice), loadPtyAddon);
  const size = { rows: 24, cols: 80 };
  const pty = spawn({ file: "/bin/sh", args: ["-c", "echo hello"], env: {}, cwd: "/", size });
  let bytes = 0;
  for await (const chunk of pty.output) bytes += chunk.length;
  process.stdout.write(`${pty.backend} ${bytes} ${JSON.stringify(await pty.exited)}\n`);
}
const maps = await Bun.file("/proc/self/maps").text();
process.stdout.write(/memfd:pty|pty\.node/.test(maps) ? "mapped\n" : "not mapped\n");
