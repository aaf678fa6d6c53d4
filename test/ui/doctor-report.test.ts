import { expect, test } from "bun:test";
import { type CheckView, doctorJson, doctorText } from "../../src/ui/doctor-report.ts";
import { themeOf } from "../../src/ui/theme.ts";

const plain = themeOf({ NO_COLOR: "1", LANG: "C.UTF-8" });
const checks: readonly CheckView[] = [
  { name: "codex", state: "ok", line: "0.169.0" },
  { name: "client id", state: "warn", line: "one two three four five six seven", fix: "do it" },
  { name: "discord", state: "fail", line: "gone", fix: "start it" },
];

test("in a pipe: words, aligned, lines whole, the summary last", () => {
  expect(doctorText(checks, plain, undefined)).toBe(
    [
      "ok   codex      0.169.0",
      "warn client id  one two three four five six seven",
      "                fix: do it",
      "FAIL discord    gone",
      "                fix: start it",
      "",
      "1 failure, 1 warning, 1 well.",
      "",
    ].join("\n"),
  );
});

test("on a terminal: glyphs, and long lines wrapped below their beginning", () => {
  const lines = doctorText(checks, plain, 44).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "✓ codex      0.169.0",
    "! client id  one two three four five six",
    "             seven",
    "             fix: do it",
  ]);
});

test("colours on a terminal, ASCII where there is no more", () => {
  const text = doctorText(checks, themeOf({ FORCE_COLOR: "1", LANG: "C" }), 80);
  expect(text).toContain("\u001b[");
  expect(Bun.stripANSI(text)).toContain("x discord");
});

test("all well", () => {
  expect(doctorText(checks.slice(0, 1), plain, 80)).toEndWith("\n\nAll 1 checks are well.\n");
});

test("text from outside cannot write to the terminal", () => {
  const hostile: CheckView = {
    name: "x",
    state: "fail",
    line: "a\u001b]0;b\u0007\nc",
    fix: "\u001b[2J",
  };
  expect(doctorText([hostile], plain, 80)).not.toMatch(/[\u001b\u0007]/);
});

test("for programs: stable keys, null without a fix", () => {
  expect(JSON.parse(doctorJson(checks))).toEqual({
    schema: 1,
    checks: [
      { name: "codex", state: "ok", line: "0.169.0", fix: null },
      {
        name: "client id",
        state: "warn",
        line: "one two three four five six seven",
        fix: "do it",
      },
      { name: "discord", state: "fail", line: "gone", fix: "start it" },
    ],
  });
});
