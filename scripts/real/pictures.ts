// Takes the pictures in docs/pictures: `scripts/real/run pictures`. Not part of a plain run.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { openDemoHome } from "../../src/demo/home.ts";
import { openSessions } from "../../src/demo/sessions.ts";
import { openStandInDiscord } from "../../src/demo/stand-in-discord.ts";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { openCodexStage } from "./support/codex-stage.ts";
import { openKitty } from "./support/kitty.ts";
import { type RealTerminal, settled, type Size } from "./support/real-terminal.ts";
import { check, finish } from "./support/report.ts";
import { cdp, openStage, shell } from "./support/stage.ts";
import { openVte } from "./support/vte.ts";
import { command, startXServer } from "./support/x-server.ts";
import { openXterm } from "./support/xterm.ts";

const panes = [
  { name: "xterm", open: openXterm, story: "patch", shows: /Worked for/ },
  { name: "vte", open: openVte, story: "build", shows: undefined },
  { name: "kitty", open: openKitty, story: "read", shows: /Worked for/ },
] as const;

/** The end of the report, as soon as the card is in it. */
const report = `export FORCE_COLOR=1
until s=$("${cdp}" status) && echo "$s" | grep -q elapsed; do sleep 1; done
printf '\\033[?25l'; echo "$s" | tail -n 8; exec sleep 1000`;

/** What the demo's invented sessions look like; the dashboard and the report are the real ones. */
const demos: readonly {
  readonly name: string;
  readonly size: Size;
  readonly light?: boolean;
  readonly line: readonly string[];
  /** The picture is taken when the screen shows this. */
  readonly shows: RegExp;
}[] = [
  {
    name: "pane",
    size: { rows: 24, cols: 92 },
    line: [cdp, "demo"],
    shows: /Running npm test[^]*of 50/,
  },
  {
    name: "dashboard",
    size: { rows: 34, cols: 120 },
    line: [cdp],
    shows: /3 working[^]*tidewatch ∙ fix[^]*Editing tides/,
  },
  {
    name: "dashboard-light",
    size: { rows: 34, cols: 120 },
    light: true,
    line: [cdp],
    shows: /3 working[^]*tidewatch ∙ fix[^]*Editing tides/,
  },
  {
    name: "compact",
    size: { rows: 24, cols: 80 },
    line: [cdp],
    shows: /tidewatch ∙ fix[^]*Editing tides/,
  },
  {
    name: "card",
    size: { rows: 9, cols: 48 },
    line: ["sh", "-c", report],
    shows: /elapsed/,
  },
];

const colours = {
  dark: { background: "#14161b", foreground: "#e4e6eb" },
  light: {
    background: "#fbfbf8",
    foreground: "#24292f",
    color2: "#1a7f37",
    color3: "#9a6700",
    color6: "#0b7285",
  },
} as const;

const folder = resolve(import.meta.dir, "../../docs/pictures");
mkdirSync(folder, { recursive: true });
await using x = await startXServer();
const only = process.argv.slice(2);
const wanted = ({ name }: { readonly name: string }) => only.length === 0 || only.includes(name);

for (const { name, open, story, shows } of panes.filter(wanted)) {
  await check(`docs/pictures/${name}.png`, async () => {
    await using codex = await openCodexStage();
    using stage = openStage(codex.program, codex.variables);
    const socket = join(stage.env("cdp")["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
    await using _discord = await FakeDiscord.start({ path: socket, faults: {} });
    const opening = shell(stage, "cdp", { rows: 24, cols: 90 });
    await using terminal = await open(x, stage.folder, { ...opening, cwd: codex.cwd });
    await settled(terminal, /^\$/m);
    await terminal.type(`go 'story ${story}'\r`);
    if (shows === undefined) await Bun.sleep(4000); // It never rests while a command runs.
    else await settled(terminal, shows);
    await Bun.sleep(1500); // Discord's answer is shown.
    await take(terminal, name);
  });
}

for (const { name, size, light, line, shows } of demos.filter(wanted)) {
  await check(`docs/pictures/${name}.png`, async () => {
    using home = openDemoHome("tidewatch", process.platform);
    await using discord = await openStandInDiscord(home.discordSocket);
    using _sessions = openSessions(home, 1, Date.now());
    const { PATH = "/usr/bin:/bin" } = process.env;
    const env = home.environment({ PATH, LANG: "C.UTF-8", HOME: home.folderOf("person") });
    await command([cdp, "config", "set", "privacy.level", "project"], env);
    // Whoever only reports needs somebody who publishes.
    const headless = line[0] === cdp ? undefined : Bun.spawn([cdp, "--headless"], { env });
    if (headless !== undefined) await until(() => discord.cards.length > 0);
    const opening = { size, command: line, env, cwd: home.cwd };
    const look = {
      ...colours[light === true ? "light" : "dark"],
      font_size: "11",
      window_padding_width: "6",
    };
    await using terminal = await openKitty(x, home.cwd, opening, look);
    // The spinner turns: it never rests.
    await until(async () => {
      const rows = await terminal.screen();
      return shows.test(rows.join("\n")) && (name === "pane" || discord.cards.length > 0);
    });
    await take(terminal, name);
    headless?.kill();
    await headless?.exited;
  });
}
finish();

/** Few colours, so few bytes. */
async function take(terminal: RealTerminal, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await terminal.picture?.(path);
  await command(["mogrify", "-strip", "-colors", "64", path], {});
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  // oxlint-disable-next-line no-await-in-loop -- the loop is the waiting
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("waited 20 s for what the picture is to show");
    // oxlint-disable-next-line no-await-in-loop -- as above
    await Bun.sleep(200);
  }
}
