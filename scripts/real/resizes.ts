// Another size while the child is on the main screen: terminals move rows into their scrollback before
// anybody can know, the pane's too. Whatever they do, every line of the child's is kept, once.
import { type Open, openInTmux, programs, whyNot } from "./support/programs.ts";
import { resized, settled, type Size } from "./support/real-terminal.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { goAlone, type Guise, openStage, sizeFor } from "./support/stage.ts";
import { startXServer } from "./support/x-server.ts";

const size: Size = { rows: 24, cols: 80 };
const of = (rows: number, cols = size.cols): Size => ({ rows, cols });

interface Plan {
  /** Lines that the child has written before. */
  readonly lines: number;
  readonly sizes: readonly Size[];
  /** How many rows of the pane may stay in the scrollback at most. */
  readonly rows: number;
}

const plans: Readonly<Record<string, Plan>> = {
  "higher, and back": { lines: 60, sizes: [of(30), of(24)], rows: 2 },
  "lower, half full": { lines: 5, sizes: [of(18)], rows: 0 },
  "lower by one row, again and again": {
    lines: 60,
    sizes: [of(23), of(22), of(21), of(20)],
    rows: 4,
  },
  "lower, and back": { lines: 60, sizes: [of(18), of(24)], rows: 2 },
  "narrower, and back": { lines: 60, sizes: [of(24, 60), of(24)], rows: 4 },
};

await using x = await startXServer();
for (const [name, open] of Object.entries(programs)) {
  const why = await whyNot(open, x);
  if (why === undefined) await checkAll(name, open);
  else skip(`other sizes in ${name}`, why);
}
await checkAll("tmux", openInTmux);
finish();

async function checkAll(name: string, open: Open): Promise<void> {
  for (const [plan, { sizes, rows, lines }] of Object.entries(plans)) {
    await check(`${plan}, in ${name}, after ${lines} lines: none is lost`, () =>
      compareKept(open, sizes, lines, rows),
    );
  }
}

async function compareKept(
  open: Open,
  sizes: readonly Size[],
  lines: number,
  most: number,
): Promise<void> {
  const run = async (guise: Guise): Promise<string[]> => {
    using stage = openStage("exec bash --norc --noprofile -i");
    await using terminal = await open(x, stage.folder, goAlone(stage, guise, size));
    await settled(terminal, /^\$/m);
    await terminal.type(`seq -f 'line %g' 1 ${lines}\r`);
    await settled(terminal, new RegExp(`^line ${lines}\n\\$`, "m"));
    for (const to of sizes) {
      // oxlint-disable-next-line no-await-in-loop -- one size after the other
      await resized(terminal, sizeFor(guise, to));
      // oxlint-disable-next-line no-await-in-loop -- the same
      await settled(terminal, guise === "cdp" ? /^▌CODEX[^]*^\$$/m : /^\$$/m);
    }
    await terminal.type("echo more\r");
    await settled(terminal, /^more\n\$$/m);
    await terminal.type("exit\r");
    await settled(terminal, /\[status 0\]/);
    return await terminal.everything();
  };
  const bare = await run("bare");
  const wrapped = await run("cdp");
  const own = wrapped.filter((row) => !/^▌| (?:Discord|show more|cdp config)/.test(row));
  same("all that is kept", own, bare);
  const left = wrapped.length - own.length;
  if (left > most) fail(`${left} rows of the pane are left:\n${wrapped.join("\n")}`);
}
