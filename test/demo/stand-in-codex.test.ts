import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { createRolloutReader } from "../../src/codex/events.ts";
import { demoMark } from "../../src/demo/home.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";

let home: string;
let log: string;

beforeEach(() => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  home = mkdtempSync(join(scratch, "play-"));
  log = join(home, "session.jsonl");
  writeFileSync(join(home, demoMark), "");
  writeFileSync(log, "what was there before\n");
});

afterEach(() => rmSync(home, { recursive: true }));

function play(speed: number, recording?: string): VirtualTerminal {
  const more = recording === undefined ? [] : [join(home, "recording.jsonl")];
  if (recording !== undefined) writeFileSync(more[0]!, recording);
  return openVirtualTerminal({
    command: [process.execPath, join(import.meta.dir, "play.ts"), String(speed), ...more],
    env: {
      PATH: process.env["PATH"] ?? "",
      CODEX_HOME: home,
      CODEX_TUI_RECORD_SESSION: "1",
      CODEX_TUI_SESSION_LOG_PATH: log,
    },
    cwd: home,
  });
}

const still = (length: number): string =>
  [
    { at: 0, type: "screen", show: "cell", text: "• Ran the tide table" },
    { at: 0, type: "status", payload: "state=working:app=codex" },
    { at: length, type: "title", text: "end" },
  ]
    .map((step) => JSON.stringify(step))
    .join("\n");

function rollouts(): string[] {
  const all = readdirSync(home, { recursive: true, encoding: "utf8" });
  return all.filter((path) => basename(path).startsWith("rollout-"));
}

describe("the stand-in Codex", () => {
  test("plays to the end and leaves the terminal as it was", async () => {
    await using terminal = play(40);
    expect(await terminal.exited).toEqual({ code: 0 });
    expect(terminal.output()).toContain("Worked for 27s");
    expect(terminal.alternateScreen).toBeFalse();
    expect(terminal.cooked).toBeTrue();
    expect(terminal.screen().join("")).toBe("");
    const states = [...terminal.output().matchAll(/\x1b\]7501;(.*?)\x1b\\/g)].map(
      ([, state]) => state,
    );
    expect(states).toEqual([
      "state=idle:app=codex",
      "state=working:app=codex",
      "state=blocked:app=codex:kind=permission",
      "state=working:app=codex",
      "state=done:app=codex",
      "state=clear",
    ]);
  });

  test("writes rollout and session log as Codex does", async () => {
    const { ino } = statSync(log);
    await using terminal = play(40);
    const before = Date.now();
    await terminal.exited;

    const [path] = rollouts();
    const [year, month, day] = new Date().toLocaleDateString("sv").split("-");
    expect(path).toStartWith(`sessions/${year}/${month}/${day}/rollout-${year}-${month}-${day}T`);
    const reader = createRolloutReader();
    const lines = readFileSync(join(home, path!), "utf8").trimEnd().split("\n");
    const events = lines.flatMap((line) => reader.read(new TextEncoder().encode(line)));
    expect(reader.counts).toMatchObject({ unknown: 0, broken: 0 });
    expect(lines.map((line) => JSON.parse(line).ordinal)).toEqual(lines.map((_, i) => i));
    for (const { at } of events) expect(at).toBeWithin(before - 5000, Date.now() + 1);
    const [started] = events;
    if (started?.type !== "sessionStarted") throw new Error("the first event starts no session");
    expect(started.facts).toMatchObject({ cwd: home, originator: "codex-tui", branch: "main" });
    expect(path).toEndWith(`-${started.facts.thread}.jsonl`);

    expect(statSync(log).ino).toBe(ino);
    const entries = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries.map((entry) => entry.kind)).toEqual([
      "session_start",
      "app_event",
      "op",
      "session_end",
    ]);
    const prompted = events.find((event) => event.type === "userPrompted");
    expect(prompted).toMatchObject({
      clientId: entries[2].payload.UserTurn.client_user_message_id,
    });
  });

  test("writes into no home but the demo's", async () => {
    rmSync(join(home, demoMark));
    await using terminal = play(1000);
    expect(await terminal.exited).toEqual({ code: 0 });
    expect(readdirSync(home)).toEqual(["session.jsonl"]);
  });

  test("shows another story when the recording is another", async () => {
    await using terminal = play(1, still(60_000));
    await terminal.waitForText(/• Ran the tide table/);
    expect(rollouts()).toEqual([]);
  });

  test.each([
    ["q", "q"],
    ["Esc", "\x1b"],
    ["Ctrl-C", "\x03"],
    ["Esc in the kitty protocol", "\x1b[27u"],
    ["Ctrl-C in the kitty protocol", "\x1b[99;5u"],
  ])("ends at %s and at no other key", async (_, key) => {
    await using terminal = play(1, still(60_000));
    await terminal.waitForText(/tide table/);
    terminal.type(
      "x\x1b[A\x1b[<35;9;9M\x1b[I\x1b[27;1:3u\x1b]11;rgb:1111/1111/1111\x1b\\\x1b[12;1R",
    );
    terminal.resize(20, 60); // Drawn anew: so it has read the keys and lives.
    await terminal.waitUntil(
      "another frame",
      () => terminal.output().split("tide table").length > 2,
    );
    terminal.type(key);
    expect(await terminal.exited).toEqual({ code: 0 });
    expect(terminal.alternateScreen).toBeFalse();
  });

  test("fills the terminal anew when it changes its size", async () => {
    await using terminal = play(1, still(60_000));
    await terminal.waitForText(/tide table/);
    for (const [rows, cols] of [
      [12, 44],
      [50, 150],
    ] as const) {
      terminal.resize(rows, cols);
      await terminal.waitUntil("the composer at the bottom", () =>
        (terminal.screen()[rows - 3] ?? "").startsWith("› Ask Codex"),
      );
    }
  });

  test("dies by SIGTERM as any program", async () => {
    await using terminal = play(1, still(60_000));
    await terminal.waitForText(/tide table/);
    terminal.signal("SIGTERM");
    expect(await terminal.exited).toEqual({ signal: "SIGTERM" });
  });

  test("plays without a terminal too", async () => {
    const program = Bun.spawn([process.execPath, join(import.meta.dir, "play.ts"), "1000"], {
      env: { PATH: process.env["PATH"] ?? "", CODEX_HOME: home },
      stdin: "ignore",
      stdout: "pipe",
    });
    expect(await new Response(program.stdout).text()).toContain("state=clear");
    expect(await program.exited).toBe(0);
    expect(rollouts()).toHaveLength(1);
  });
});
