/**
 * An hour in a minute: what the real Codex wrote while it was recorded, again and again, in three
 * sessions at once and at 60 times its speed, under a dashboard whose panels are opened and closed.
 * What it leaves behind in memory is what is measured.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type DemoHome, openDemoHome } from "../../src/demo/home.ts";
import { openStandInDiscord } from "../../src/demo/stand-in-discord.ts";
import { say, sayLoad } from "./goals.ts";
import { judgeGrowth } from "./growth.ts";
import { benchOptions } from "./options.ts";
import { openBenchTerminal, readFor, readUntil, residentMb } from "./terminal.ts";

const speed = 60;
const sessionCount = 3;
const stepMs = 500;
/** The start is no part of the hour. */
const settleMs = 5000;
const keys = ["d", "l", "?", "\x1b", "v", "\x1b", "j", "k"];
const recordings = resolve(import.meta.dir, "../../test/fixtures/rollouts");

const { cdp, scale } = benchOptions();
const hourMs = 3_600_000 * scale;
let written = 0;

say(
  `soak: ${(scale * 60).toFixed(0)} minutes of three recorded sessions at ${speed} times the speed`,
);
sayLoad();
const samples = await soak();
sayLoad();
say(`  ${written} lines`);
judgeGrowth(samples);

async function soak(): Promise<readonly number[]> {
  using home = openDemoHome("soak", process.platform);
  await using discord = await openStandInDiscord(home.discordSocket);
  const stories = readStories();
  using _players = playAll(home, stories);
  const env = home.environment({
    ...process.env,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
  });
  const spoiled = { CDP_CODEX_BIN: floodFor(home) };
  const terminal = openBenchTerminal({
    command: [...cdp],
    env: { ...env, ...spoiled },
    cwd: home.cwd,
  });
  await using _terminal = terminal;
  readUntil(terminal, /Leading/);
  await readFor(terminal, settleMs);
  const found: number[] = [];
  for (let ms = 0; ms < hourMs / speed; ms += stepMs) {
    terminal.write(keys[found.length % keys.length] ?? "");
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await readFor(terminal, stepMs);
    found.push(residentMb(terminal.pid));
  }
  if (discord.cards.length === 0 && cdp.length === 1) throw new Error("not measured: no card came");
  return found;
}

/** A line of a rollout, and how long after the one before it was written, ms. */
interface Line {
  readonly text: string;
  readonly afterMs: number;
}

/** Whole rollouts of the real Codex, each with its thread's id. */
function readStories(): readonly { readonly thread: string; readonly lines: readonly Line[] }[] {
  const names = readdirSync(recordings, { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .map((name) => {
      const texts = readFileSync(join(recordings, name), "utf8").trimEnd().split("\n");
      const times = texts.map((text) => Date.parse(/"timestamp":"([^"]+)"/.exec(text)?.[1] ?? ""));
      const lines = texts.map((text, i) => {
        const after = (times[i] ?? 0) - (times[i - 1] ?? times[i] ?? 0);
        return { text, afterMs: Number.isFinite(after) ? Math.max(0, after) : 0 };
      });
      return { thread: /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(name)?.[0] ?? "", lines };
    });
}

/** Each session lives through all stories, beginning with another one. */
function playAll(home: DemoHome, stories: ReturnType<typeof readStories>): Disposable {
  const timers = new Map<number, Timer>();
  for (let n = 0; n < sessionCount; n++) {
    const path = rolloutOf(home, n);
    let [story, line] = [n * Math.floor(stories.length / sessionCount), 0];
    const next = (): void => {
      const { thread, lines } = stories[story % stories.length] ?? { thread: "", lines: [] };
      const { text = "" } = lines[line] ?? {};
      const now = new Date().toISOString();
      const anew = text.replaceAll(thread, path.thread).replace(/("timestamp":")[^"]+/, `$1${now}`);
      // A session begins once.
      if (!anew.includes('"session_meta"')) appendFileSync(path.file, `${anew}\n`);
      written += 1;
      line += 1;
      if (line >= lines.length) [story, line] = [story + 1, 0];
      const after = stories[story % stories.length]?.lines[line]?.afterMs ?? 0;
      timers.set(n, setTimeout(next, after / speed));
    };
    next();
  }
  return {
    [Symbol.dispose]: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function rolloutOf(home: DemoHome, n: number): { readonly thread: string; readonly file: string } {
  const now = new Date();
  const thread = Bun.randomUUIDv7("hex", now.getTime());
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  const folder = join(home.codexHome, "sessions", ...local.slice(0, 10).split("-"));
  mkdirSync(folder, { recursive: true });
  const name = `rollout-${local.slice(0, 19).replaceAll(":", "-")}-${thread}.jsonl`;
  const meta = { id: thread, timestamp: now.toISOString(), cwd: home.folderOf(`soak-${n}`) };
  const more = { originator: "codex-tui", source: "cli", cli_version: "0.168.0" };
  const item = {
    timestamp: now.toISOString(),
    type: "session_meta",
    payload: { ...meta, ...more },
  };
  writeFileSync(join(folder, name), `${JSON.stringify(item)}\n`);
  return { thread, file: join(folder, name) };
}

/** What stands below the spoiled wrapper: it says that it is there, and has much to keep. */
function floodFor(home: DemoHome): string {
  const path = join(home.folderOf("bin"), "flood");
  const lines = [
    "#!/bin/sh",
    "echo Leading",
    "while :; do head -c 200000 /dev/zero; sleep 0.1; done",
  ];
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o755 });
  return path;
}
