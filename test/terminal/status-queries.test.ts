import { describe, expect, test } from "bun:test";
import { statusWaitMs } from "../../src/terminal/status-queries.ts";
import { everySplit } from "../support/every-split.ts";
import { QUERY, ST, bytes, openAsked as open, report } from "./status-setup.ts";

const screens = [
  ["main", "$ "],
  ["alternate", "\x1b[?1049h\x1b[?1003h\x1b[?1006h"],
] as const;

describe.each(screens)("on the %s screen", (_, screen) => {
  test("a child that never asks: reports pass, nothing is waited for", () => {
    const { clock, ends, child, terminal } = open({ screen });
    child(report("working"));
    expect(ends.shown).toContain(report("working"));
    expect(clock.pending).toBe(0);
    terminal("\x1b]7501;?\x07");
    expect(ends.got).toBe("\x1b]7501;?\x07");
  });

  test("the query passes however it is cut; a silent terminal is answered for after 50 ms, once", () => {
    for (const pieces of everySplit(bytes(QUERY))) {
      const { clock, ends, child } = open({ screen });
      for (const piece of pieces) child(piece);
      expect(ends.shown).toBe(QUERY);
      clock.advance(49);
      expect(ends.got).toBe("");
      clock.advance(1);
      expect(ends.got).toBe(QUERY);
      clock.advance(60_000);
      expect(ends.got).toBe(QUERY);
    }
  });

  test("an answer in time reaches the child as it came, cut anywhere; then reports pass", () => {
    for (const answer of [QUERY, "\x1b]7501;?\x07", `\x1b]7501;?:revision=9:x=y${ST}`]) {
      for (const pieces of everySplit(bytes(answer))) {
        const { clock, ends, child, terminal } = open({ screen });
        child(QUERY);
        for (const piece of pieces) terminal(piece);
        expect(ends.got).toBe(answer);
        clock.advance(10_000);
        expect(ends.got).toBe(answer);
        ends.shown = "";
        child(report("working"));
        expect(ends.shown).toContain(report("working"));
      }
    }
  });

  test("a late answer is taken out, cut anywhere; what stands around it reaches the child", () => {
    for (const answer of [QUERY, "\x1b]7501;?\x07", `\x1b]7501;?:revision=9${ST}`]) {
      for (const pieces of everySplit(bytes(answer))) {
        const { clock, ends, child, terminal } = open({ screen });
        child(QUERY);
        clock.advance(4000);
        terminal("before");
        for (const piece of pieces) terminal(piece);
        terminal("after\x1b[A");
        expect(ends.got).toBe(`${QUERY}beforeafter\x1b[A`);
        ends.shown = "";
        child(report("working"));
        expect(ends.shown).toContain(report("working"));
      }
    }
  });

  test("half in time, half late: the child gets one whole answer", () => {
    for (let cut = 1; cut < QUERY.length; cut++) {
      const { clock, ends, child, terminal } = open({ screen });
      child(QUERY);
      terminal(QUERY.slice(0, cut));
      clock.advance(50);
      terminal(QUERY.slice(cut));
      expect(ends.got).toBe(QUERY);
    }
  });

  test("5 s after ours an answer is none of our business any more", () => {
    const { clock, status, ends, child, terminal } = open({ screen });
    child(QUERY);
    clock.advance(50 + 4999);
    expect(status.expecting).toBe(true);
    terminal("x");
    clock.advance(1);
    expect(status.expecting).toBe(false);
    terminal(QUERY);
    expect(ends.got).toBe(`${QUERY}x${QUERY}`);
  });

  test("reports are read and withheld until the terminal has answered, however they are cut", () => {
    const texts = [
      report("working"),
      report("done", "\x07"),
      `\x9d`.replace("\x9d", "\xc2\x9d") + "7501;state=idle\xc2\x9c",
      "\x1b]7501;state=idle\x18",
      `\x1b]7501;${ST}`,
      "\x1b]7501;\x07",
      `\x1b]7501;?more${ST}`,
    ];
    for (const text of texts) {
      for (const pieces of everySplit(bytes(text))) {
        const { ends, strings, child } = open({ screen });
        child(QUERY);
        ends.shown = "";
        for (const piece of pieces) child(piece);
        expect(ends.shown).toBe("");
        expect(strings.at(-1)).toStartWith("7501;");
      }
    }
  });

  test("every other string passes whole, however it is cut, and the query again", () => {
    const texts = [
      "\x1b]0;title\x07",
      `\x1b]0;title${ST}`,
      `\x1b]7501${ST}`,
      `\x1b]75011;x${ST}`,
      `\x1b]750;x${ST}`,
      `\x1b]${ST}`,
      "\x1b]75\x18",
      `\x1b]8;;https://example.org${ST}`,
      `\x1b_Ga=d${ST}`,
      `\x1bP7501;?${ST}`,
      QUERY,
      "\x1b]7501;?\x07",
    ];
    for (const text of texts) {
      for (const pieces of everySplit(bytes(text))) {
        const { ends, child } = open({ screen });
        child(QUERY);
        ends.shown = "";
        for (const piece of pieces) child(piece);
        expect(ends.shown).toBe(text);
      }
    }
  });

  test("what ends a withheld report without ST is not lost", () => {
    const { ends, child } = open({ screen });
    child(QUERY);
    ends.shown = "";
    child("\x1b]7501;state=idle\x1b[31mred");
    expect(ends.shown).toEndWith("\x1b[31mred");
    expect(ends.shown).not.toContain("7501");
    ends.shown = "";
    child(`${report("done", "\x07")}${ST}`);
    expect(ends.shown).toBe(ST);
  });
});

test("the query's own terminator ends the answer", () => {
  const { clock, ends, child } = open();
  child("\x1b]7501;?\x07");
  clock.advance(50);
  expect(ends.got).toBe("\x1b]7501;?\x07");
});

test("only the exact query is one", () => {
  for (const text of ["?x", "?:a=b", "??", "", "state=idle"]) {
    const { clock, ends, child } = open();
    child(`\x1b]7501;${text}${ST}`);
    child(`\x1bP7501;?${ST}\x1b]7501;?\x18`);
    clock.advance(60_000);
    expect(ends.got).toBe("");
  }
});

test("without a pane the same", () => {
  const { clock, ends, child, terminal } = open({ paneRows: 0 });
  child(QUERY + report("working"));
  expect(ends.shown).toBe(QUERY);
  clock.advance(50);
  for (const byte of bytes(QUERY)) terminal(Uint8Array.of(byte));
  expect(ends.got).toBe(QUERY);
});

test("two queries are answered twice; two late answers are taken out", () => {
  const { clock, ends, child, terminal } = open();
  child(QUERY);
  clock.advance(20);
  child(QUERY);
  clock.advance(50);
  expect(ends.got).toBe(QUERY + QUERY);
  terminal(QUERY + QUERY);
  expect(ends.got).toBe(QUERY + QUERY);
});

test("the terminal answers the first in time and the second late", () => {
  const { clock, ends, child, terminal } = open();
  child(QUERY);
  terminal(QUERY);
  child(QUERY);
  clock.advance(50);
  terminal(`${QUERY}x`);
  expect(ends.got).toBe(`${QUERY}${QUERY}x`);
});

test("a child that asks without end has 64 answers, and no more timers", () => {
  const { clock, ends, child } = open();
  child(QUERY.repeat(1000));
  expect(clock.pending).toBe(64);
  clock.advance(50);
  expect(ends.got).toBe(QUERY.repeat(64));
});

test("500 ms over SSH, 50 ms here", () => {
  expect(statusWaitMs({})).toBe(50);
  expect(statusWaitMs({ SSH_CONNECTION: "", SSH_TTY: "" })).toBe(50);
  expect(statusWaitMs({ SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" })).toBe(500);
  expect(statusWaitMs({ SSH_TTY: "/dev/pts/0" })).toBe(500);
});
