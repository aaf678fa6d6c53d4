// Programs other than Codex in xterm, whose idea of a VT100 is the best there is: what they show
// beneath `cdp` is what they show without it, the origin mode included.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { whyNot } from "./support/programs.ts";
import type { RealTerminal, Size } from "./support/real-terminal.ts";
import { check, differenceOf, fail, finish, skip } from "./support/report.ts";
import { goAlone, type Guise, openStage, PANE_ROWS } from "./support/stage.ts";
import { startXServer } from "./support/x-server.ts";
import { openXterm } from "./support/xterm.ts";

const DEADLINE_MS = 8000;
/** How long a program takes at most to begin with its next screen. */
const REPEAT_MS = 600;
const MENU = /Enter choice number/;

interface Pair extends AsyncDisposable {
  /** Types into both and waits for the next screen, the same in both; resolves with it. */
  next(keys: string): Promise<string>;
  /** Types the program's end: all that is kept must be the same. */
  ends(keys: string): Promise<void>;
}

await using x = await startXServer();
const why = await whyNot(openXterm, x);
if (why !== undefined) skip("other programs in xterm", why);
else {
  await check("less in xterm: pages, back, a search, the end", async () => {
    await using both = await openPair("exec less text.txt", { rows: 30, cols: 100 });
    for (const keys of ["", " ", "jjj", "kk", "/line 3.3\r", "G", "b", "1g"]) {
      // oxlint-disable-next-line no-await-in-loop -- one key after the other
      await both.next(keys);
    }
    await both.ends("q");
  });
  await check("bash in xterm: long output, colours, clear", async () => {
    await using both = await openPair("exec bash --norc -i", { rows: 24, cols: 80 });
    for (const keys of [
      "",
      "seq 1 50\r",
      "ls -la /usr/lib | head -n 40\r",
      "clear\r",
      "date +x\r",
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one line after the other
      await both.next(keys);
    }
    await both.ends("exit\r");
  });
  // Its cursor pages change the window to 132 columns (DECCOLM), which no program beneath hears of in
  // time; tmux, where nothing changes, has them in children.ts.
  const pages = { 2: "screen features, the origin mode too", 8: "insert and delete" } as const;
  for (const [choice, title] of Object.entries(pages)) {
    await check(`vttest in xterm: ${title}`, () => walk(choice));
  }
}
finish();

/** Through all pages of one of vttest's menus, and back out. */
async function walk(choice: string): Promise<void> {
  await using both = await openPair("exec vttest 24x80.80", { rows: 24, cols: 80 });
  await both.next("");
  let screen = await both.next(`${choice}\r`);
  for (let page = 0; page < 60 && !MENU.test(screen); page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    screen = await both.next("\r");
  }
  if (!MENU.test(screen)) fail(`no menu again:\n${screen}`);
  await both.ends("0\r");
}

async function openPair(program: string, size: Size): Promise<Pair> {
  await using made = new AsyncDisposableStack();
  const stage = made.use(openStage(program));
  const text = Array.from({ length: 500 }, (_, at) => `line ${at + 1}\n`).join("");
  writeFileSync(join(stage.folder, "text.txt"), text);
  const open = async (guise: Guise): Promise<RealTerminal> =>
    made.use(await openXterm(x, stage.folder, goAlone(stage, guise, size)));
  const bare = await open("bare");
  const wrapped = await open("cdp");
  const owned = made.move();
  let last = "";
  return {
    async next(keys) {
      await typeInto([bare, wrapped], keys);
      const start = performance.now();
      last = await agree(async () => {
        const [below, rows] = [await bare.screen(), await wrapped.screen()];
        const now = below.join("\n");
        if (now.trim() === "") return { different: "nothing yet" };
        if (now === last && performance.now() - start < REPEAT_MS) return { different: "no news" };
        const pane = rows[0]?.includes("CODEX") === true ? undefined : `no pane: ${rows[0]}`;
        const different = differenceOf(rows.slice(PANE_ROWS), below) ?? pane;
        return different === undefined ? { now } : { different };
      }, keys);
      return last;
    },
    async ends(keys) {
      await typeInto([bare, wrapped], keys);
      await agree(async () => {
        const [below, rows] = [await bare.everything(), await wrapped.everything()];
        const now = below.join("\n");
        const different = /\[status \d+\]/.test(now) ? differenceOf(rows, below) : "no end yet";
        return different === undefined ? { now } : { different };
      }, keys);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function typeInto(windows: readonly RealTerminal[], keys: string): Promise<void> {
  if (keys === "") return;
  // oxlint-disable-next-line no-await-in-loop -- the keyboard has one focus
  for (const window of windows) await window.type(keys);
}

/** Looks until there is nothing different; throws the last difference at the deadline. */
async function agree(
  look: () => Promise<{ readonly now: string } | { readonly different: string }>,
  after: string,
): Promise<string> {
  const end = performance.now() + DEADLINE_MS;
  let seen = await look();
  while ("different" in seen) {
    if (performance.now() > end) fail(`after ${JSON.stringify(after)}: ${seen.different}`);
    // oxlint-disable-next-line no-await-in-loop -- until they agree
    seen = await look();
  }
  return seen.now;
}
