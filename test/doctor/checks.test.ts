import { describe, expect, test } from "bun:test";
import { nothingMet } from "../../src/codex/met.ts";
import { type Check, exitStatusOf } from "../../src/doctor/check.ts";
import { checkCodex, type CodexFacts, versionOf } from "../../src/doctor/codex.ts";
import { checkGit, type GitFacts } from "../../src/doctor/git.ts";
import { checkHome, type HomeFacts } from "../../src/doctor/home.ts";
import { checkPty, type PtyFacts } from "../../src/doctor/pty.ts";
import { checkTerminal, type TerminalFacts } from "../../src/doctor/terminal.ts";

/** `name state`, one a check. */
const states = (checks: readonly Check[]) => checks.map(({ name, state }) => `${name} ${state}`);

describe("codex", () => {
  const at = (text: string): CodexFacts => ({
    kind: "found",
    path: "/bin/codex",
    said: { kind: "version", text },
  });
  test.each<[string, CodexFacts, string[]]>([
    ["announces its state", at("codex-cli 0.169.0"), ["codex ok", "codex signals ok"]],
    ["the first that surely does", at("codex-cli 0.166.0"), ["codex ok", "codex signals ok"]],
    ["a major version", at("codex-cli 1.0.0"), ["codex ok", "codex signals ok"]],
    ["the pinned release", at("codex-cli 0.171.0"), ["codex ok", "codex signals ok"]],
    ["perhaps", at("codex-cli 0.165.2"), ["codex ok", "codex signals ok"]],
    ["by its title", at("codex-cli 0.160.0"), ["codex ok", "codex signals ok"]],
    ["the oldest that tells everything", at("codex-cli 0.140.0"), ["codex ok", "codex signals ok"]],
    ["too old", at("codex-cli 0.139.9"), ["codex ok", "codex signals warn"]],
    ["far too old", at("codex-cli 0.38.0"), ["codex ok", "codex signals warn"]],
    ["built from its source", at("codex-cli 0.0.0"), ["codex ok", "codex signals warn"]],
    ["another program", at("hello"), ["codex warn"]],
    [
      "none",
      { kind: "missing", problem: "Codex was not found on PATH. Install it." },
      ["codex fail"],
    ],
    [
      "one that hangs",
      { kind: "found", path: "/bin/codex", said: { kind: "silent", why: "no answer" } },
      ["codex fail"],
    ],
  ])("%s", (_, facts, expected) => {
    expect(states(checkCodex(facts))).toEqual(expected);
  });

  test("what findCodex says is taken apart into the problem and the fix", () => {
    const problem = "Codex was not found on PATH. Install it with `npm`, or set CDP_CODEX_BIN.";
    expect(checkCodex({ kind: "missing", problem })).toEqual([
      {
        name: "codex",
        state: "fail",
        line: "Codex was not found on PATH.",
        fix: "Install it with `npm`, or set CDP_CODEX_BIN.",
      },
    ]);
    const named = "CDP_CODEX_BIN names /x. y, which does not exist.";
    const [check] = checkCodex({ kind: "missing", problem: named });
    expect(check!.line).toBe(named);
    expect(check!.fix).toContain("CDP_CODEX_BIN");
  });

  test("each release is told which signals it gives", () => {
    const line = (version: string): string => checkCodex(at(version))[1]!.line;
    expect(line("0.171.0")).toStartWith("reports its own state (OSC 7501)");
    expect(line("0.163.0")).toContain("may report");
    expect(line("0.150.0")).toContain("window title");
    expect(line("0.139.0")).toContain("only thinking and waiting");
    expect(checkCodex(at("0.139.0"))[1]!.fix).toContain("npm install -g @openai/codex");
  });

  test("a version is found in what is around it", () => {
    expect(versionOf("codex-cli 0.170.0-alpha.3")).toEqual([0, 170, 0]);
    expect(versionOf("codex-cli dev")).toBeUndefined();
  });
});

describe("git", () => {
  test.each<[string, GitFacts, string, string]>([
    ["new enough", { kind: "ready", path: "/bin/git", version: "2.39" }, "ok", "2.39 at /bin/git"],
    ["none", { kind: "absent" }, "warn", "read by hand"],
    ["too old", { kind: "tooOld", path: "/bin/git", version: "2.17" }, "warn", "read by hand"],
    [
      "one that hangs",
      { kind: "broken", path: "/bin/git", reason: "no answer" },
      "warn",
      "every rule for a repository or host holds",
    ],
    ["not found in time", { kind: "broken", path: undefined, reason: "x" }, "warn", "git does not"],
  ])("%s", (_, facts, state, line) => {
    const check = checkGit(facts);
    expect(check.state).toBe(state as Check["state"]);
    expect(check.line).toContain(line);
  });
});

describe("pty", () => {
  const good: PtyFacts = { wanted: undefined, platform: "linux", addon: true };
  test.each<[string, Partial<PtyFacts>, string, string]>([
    ["node-pty", {}, "ok", "node-pty"],
    ["Bun's by choice", { wanted: "bun", addon: false }, "ok", "CDP_PTY says"],
    ["Windows", { platform: "win32", addon: false }, "ok", "Windows"],
    ["an addon that does not load", { addon: false }, "warn", "Bun's own, since"],
    ["node-pty wanted and not to be had", { wanted: "node-pty", addon: false }, "warn", "Bun's"],
    ["a name nobody knows", { wanted: "conpty" }, "warn", "node-pty runs"],
  ])("%s", (_, facts, state, line) => {
    const check = checkPty({ ...good, ...facts });
    expect(check.state).toBe(state as Check["state"]);
    expect(check.line).toContain(line);
  });
});

describe("terminal", () => {
  const good: TerminalFacts = {
    size: { rows: 40, cols: 120 },
    term: "xterm-256color",
    unicode: true,
    colours: "24-bit",
    multiplexer: undefined,
    pane: "stands",
  };
  test.each<[string, Partial<TerminalFacts>, string[]]>([
    ["a good one", {}, ["terminal ok", "pane ok"]],
    ["none", { size: undefined }, ["terminal ok"]],
    ["dumb", { term: "dumb", pane: "notHere" }, ["terminal warn", "pane warn"]],
    ["TERM not set", { term: undefined, pane: "notHere" }, ["terminal warn", "pane warn"]],
    ["a locale without UTF-8", { unicode: false }, ["terminal warn", "pane ok"]],
    ["small", { size: { rows: 8, cols: 30 }, pane: "tooSmall" }, ["terminal ok", "pane warn"]],
    ["GNU screen", { multiplexer: "screen", pane: "notHere" }, ["terminal ok", "pane warn"]],
    ["no pane by choice", { pane: "off" }, ["terminal ok", "pane ok"]],
  ])("%s", (_, facts, expected) => {
    expect(states(checkTerminal({ ...good, ...facts }))).toEqual(expected);
  });

  test("says what it can do", () => {
    const [check] = checkTerminal({ ...good, multiplexer: "tmux", colours: "16" });
    expect(check!.line).toBe("tmux (xterm-256color), 120x40, 16 colours, UTF-8");
  });
});

describe("codex home", () => {
  const good: HomeFacts = {
    home: { ok: true, path: "/h/.codex" },
    unwritable: undefined,
    watch: "watching",
    remote: undefined,
    met: { ...nothingMet, files: 2, lines: 30 },
  };
  const all = (home: string, watches: string, rollouts: string) => [
    `codex home ${home}`,
    `watches ${watches}`,
    `rollouts ${rollouts}`,
  ];
  const bad = (reason: "unset" | "missing" | "notAFolder" | "notOurs" | "unreadable") =>
    ({ home: { ok: false, path: "/h", reason } }) as const;
  test.each<[string, Partial<HomeFacts>, string[]]>([
    ["well", {}, all("ok", "ok", "ok")],
    ["nothing open", { met: nothingMet }, all("ok", "ok", "ok")],
    ["read-only", { unwritable: "EROFS" }, all("fail", "ok", "ok")],
    ["closed to writing", { unwritable: "EACCES" }, all("fail", "ok", "ok")],
    ["full", { unwritable: "ENOSPC" }, all("fail", "ok", "ok")],
    ["no notices", { watch: "polling" }, all("ok", "warn", "ok")],
    ["a network disk", { remote: "NFS" }, all("ok", "warn", "ok")],
    ["a slow disk", { met: undefined }, all("ok", "ok", "warn")],
    ["a broken line", { met: { ...nothingMet, broken: 1 } }, all("ok", "ok", "warn")],
    ["a folder that is closed", { closed: "sessions/2026" }, all("ok", "ok", "warn")],
    ["an overlong line", { met: { ...nothingMet, long: 1 } }, all("ok", "ok", "warn")],
    ["a newer Codex", { met: { ...nothingMet, unknown: 9 } }, all("ok", "ok", "ok")],
    ["an unreadable file", { met: { ...nothingMet, refused: 1 } }, all("ok", "ok", "warn")],
    ["no HOME", bad("unset"), ["codex home fail"]],
    ["not there", bad("missing"), ["codex home fail"]],
    ["a file", bad("notAFolder"), ["codex home fail"]],
    ["under sudo", bad("notOurs"), ["codex home fail"]],
    ["closed", bad("unreadable"), ["codex home fail"]],
  ])("%s", (_, facts, expected) => {
    expect(states(checkHome({ ...good, ...facts }))).toEqual(expected);
  });

  test("file problems are counted", () => {
    const met = { ...nothingMet, files: 1, lines: 9, broken: 2, long: 1, refused: 3 };
    expect(checkHome({ ...good, met })[2]!.line).toBe(
      "1 open thread, 9 lines; passed over: 3 unreadable files, 2 broken lines, 1 overlong line",
    );
  });
});

test("one failure is a failure, warnings are none", () => {
  const check = (state: Check["state"]): Check => ({ name: "x", state, line: "" });
  expect(exitStatusOf([check("ok"), check("warn")])).toBe(0);
  expect(exitStatusOf([check("fail"), check("ok")])).toBe(1);
});
