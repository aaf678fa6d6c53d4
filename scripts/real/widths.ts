// Characters of whose width terminals have different ideas: a child must get the very terminal's own
// answer, and neither its rows nor the pane's may break.
import { appendFileSync, cpSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { maskCodex, openCodexStage } from "./support/codex-stage.ts";
import { type Open, openInTmux, programs, whyNot } from "./support/programs.ts";
import { type RealTerminal, resized, settled, type Size } from "./support/real-terminal.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { goAlone, type Guise, openStage, PANE_ROWS, shell, sizeFor } from "./support/stage.ts";
import { startXServer } from "./support/x-server.ts";
import { openXterm } from "./support/xterm.ts";

const size: Size = { rows: 30, cols: 80 };
const support = join(import.meta.dir, "support");
/** A folder's name, which is the project's; the pane shows it with what all terminals agree on. */
const project =
  "p 漢字 👨\u200d👩\u200d👧 ❤\ufe0f 🇩🇪 👍🏽 e\u0301\u0301\u0301 ᄒ\u1161ᆫ a\u200bb …· \u202egnp";

await using x = await startXServer();
/** xterm as it is set up for East Asian fonts: what is ambiguous is wide. */
const wide: Open = (server, folder, opening) => openXterm(server, folder, opening, ["-cjk_width"]);
for (const [name, open] of Object.entries({ ...programs, "xterm -cjk_width": wide })) {
  const why = await whyNot(open, x);
  if (why === undefined) await checkAll(name, open);
  else skip(`widths in ${name}`, why);
}
await checkAll("tmux", openInTmux);
finish();

async function checkAll(name: string, open: Open): Promise<void> {
  for (const screen of ["alternate", "main"] as const) {
    await check(`widths in ${name}, on the ${screen} screen: the terminal's own answers`, () =>
      compareAnswers(open, screen),
    );
  }
  await check(`the pane in ${name}: whatever its rows hold, nothing wraps`, () =>
    paintAnything(open),
  );
  // Codex itself garbles its screen where ambiguous characters are wide.
  if (open === wide) return;
  await check(`the pane in ${name} above a project with an awkward name`, () =>
    compareProject(open),
  );
}

/** The pane's rows stay two, whatever stands in them, and nothing below is touched. */
async function paintAnything(open: Open): Promise<void> {
  using stage = openStage(`exec "${process.execPath}" "${join(support, "pane-child.ts")}"`);
  await using terminal = await open(x, stage.folder, goAlone(stage, "bare", size));
  const rows = await settled(
    terminal,
    /^▌.?first\n▌.?second\n[^]*\n(?:nothing moved$|.*: )/,
    60_000,
  );
  same("what moved the cursor", rows.at(-1) ?? "", "nothing moved");
  const own = Array.from({ length: size.rows - 3 }, (_, at) => `row ${at + 3}`);
  same("the rows below", rows.slice(2, -1), own);
}

/** The real Codex in a folder with such a name. */
async function compareProject(open: Open): Promise<void> {
  await using codex = await openCodexStage();
  const cwd = join(dirname(codex.cwd), project);
  cpSync(codex.cwd, cwd, { recursive: true });
  const trusted = `\n[projects.${JSON.stringify(cwd)}]\ntrust_level = "trusted"\n`;
  appendFileSync(join(codex.variables["CODEX_HOME"] ?? "", "config.toml"), trusted);
  using stage = openStage(codex.program, codex.variables);
  const start = async (guise: Guise): Promise<RealTerminal> =>
    open(x, stage.folder, { ...shell(stage, guise, size), cwd });
  await using bare = await start("bare");
  await using wrapped = await start("cdp");
  const both = [bare, wrapped];
  for (const each of both) {
    await settled(each, /^\$/m);
    await each.type("go 'story chat'\r");
  }
  for (const cols of [size.cols, 61, 44]) {
    await resized(bare, sizeFor("bare", { ...size, cols }));
    await resized(wrapped, sizeFor("cdp", { ...size, cols }));
    const [below, rows] = await Promise.all(
      both.map((each) => settled(each, /Worked for[^]*\? for shortcuts/)),
    );
    same("the screen", rows!.slice(PANE_ROWS).map(maskCodex), below!.map(maskCodex));
    const pane = rows!.slice(0, PANE_ROWS).join("\n");
    if (!/^▌CODEX.*\n▌/.test(pane)) fail(`not a pane: ${pane}`);
    if (cols === size.cols && !/漢.?字/.test(pane)) fail(`no name in the pane: ${pane}`);
  }
}

async function compareAnswers(open: Open, screen: "alternate" | "main"): Promise<void> {
  const run = async (guise: Guise) => {
    using stage = openStage(
      `exec "${process.execPath}" "${join(support, "width-child.ts")}" ${screen}`,
    );
    const to = join(stage.folder, "answers");
    const opening = goAlone(stage, guise, size);
    const env = { ...opening.env, WIDTHS_TO: to };
    await using terminal = await open(x, stage.folder, { ...opening, env });
    const rows = await settled(terminal, /all measured/, 60_000);
    await terminal.type("q");
    await settled(terminal, /\[status 0\]/);
    const answers = readFileSync(to, "utf8").split("\n");
    return { answers, rows, kept: await terminal.everything() };
  };
  const [bare, wrapped] = await Promise.all([run("bare"), run("cdp")]);
  if (bare.answers.some((answer) => answer.includes("no answer"))) fail("no answers");
  same("the answers", wrapped.answers, bare.answers);
  if (!wrapped.rows[0]?.includes("CODEX")) fail(`no pane in the first row: ${wrapped.rows[0]}`);
  same("the screen", wrapped.rows.slice(PANE_ROWS), bare.rows);
  same("all that is kept", wrapped.kept, bare.kept);
}
