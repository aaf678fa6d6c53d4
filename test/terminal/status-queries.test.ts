import { describe, expect, test } from "bun:test";
import { openEmulator } from "../../src/terminal/emulator.ts";
import { Replies } from "../../src/terminal/replies.ts";
import { Split } from "../../src/terminal/split.ts";
import { StatusQueries, statusWaitMs } from "../../src/terminal/status-queries.ts";
import { everySplit } from "../support/every-split.ts";
import { FakeClock } from "../support/fake-clock.ts";

const ST = "\x1b\\";
const QUERY = `\x1b]7501;?${ST}`;
const report = (state: string, end = ST): string => `\x1b]7501;state=${state}:app=codex${end}`;
const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** A child with a pane above it, on one of its two screens, and a terminal. */
function open({ screen = "", waitMs = 50, paneRows = 2 } = {}) {
  const clock = new FakeClock();
  const status = new StatusQueries({ clock, waitMs });
  const strings: string[] = [];
  const split = new Split({
    size: { rows: 24, cols: 80 },
    paneRows,
    emulator: openEmulator,
    status,
    onString: ({ content }) => void strings.push(Buffer.from(content).toString("latin1")),
  });
  const replies = new Replies(split);
  const ends = { shown: "", got: "" };
  status.connect((answer) => {
    if (!replies.betweenInput) return false;
    ends.got += answer;
    return true;
  });
  const child = (text: string | Uint8Array): void => {
    const chunk = (typeof text === "string" ? bytes(text) : text).slice();
    ends.shown += Buffer.from(split.feedChild(chunk)).toString("latin1");
  };
  const terminal = (text: string | Uint8Array): void => {
    const chunk = typeof text === "string" ? bytes(text) : text;
    const { child: given } = replies.feed(chunk);
    ends.got += Buffer.from(given).toString("latin1");
  };
  child(screen);
  ends.shown = "";
  return { clock, status, split, replies, ends, strings, child, terminal };
}

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

describe("DA1 after the query decides", () => {
  const DA1 = "\x1b[?62;22c";

  test("a terminal that answers it and not the query: ours comes before", () => {
    for (const pieces of everySplit(bytes(DA1))) {
      const { clock, ends, child, terminal } = open();
      child(`${QUERY}\x1b[c`);
      for (const piece of pieces) terminal(piece);
      expect(ends.got).toBe(QUERY + DA1);
      clock.advance(1000);
      terminal(QUERY);
      expect(ends.got).toBe(QUERY + DA1);
    }
  });

  test("an answer to an older DA1 tells nothing", () => {
    const { clock, ends, child, terminal } = open();
    child(`\x1b[c${QUERY}\x1b[c`);
    terminal(DA1);
    expect(ends.got).toBe(DA1);
    terminal(DA1);
    expect(ends.got).toBe(DA1 + QUERY + DA1);
    clock.advance(1000);
    expect(ends.got).toBe(DA1 + QUERY + DA1);
  });

  test("without a DA1 after the query none of them does", () => {
    const { ends, child, terminal } = open();
    child(QUERY);
    terminal(DA1);
    expect(ends.got).toBe(DA1);
  });
});

describe("our answer never cuts what the terminal or the user sends", () => {
  test.each([
    ["an answer in two parts", "\x1b]11;rgb:ffff/", `ffff/ffff${ST}`],
    ["a character in two parts", "\xc3", "\xa9"],
    ["a paste", "\x1b[200~long", " text\x1b[201~"],
  ])("%s", (_, first, second) => {
    const { clock, ends, child, terminal } = open();
    child(QUERY);
    terminal(first);
    clock.advance(300);
    expect(ends.got).toBe(first);
    terminal(second);
    clock.advance(10);
    expect(ends.got).toBe(first + second + QUERY);
  });

  test("an answer of which the child had the beginning before it asked", () => {
    const { clock, ends, child, terminal } = open({ screen: "\x1b[?1049h" });
    child("\x1b[6n");
    terminal("\x1b[");
    expect(ends.got).toBe("\x1b[");
    child(QUERY);
    clock.advance(100);
    expect(ends.got).toBe("\x1b[");
    terminal("3;1R");
    clock.advance(10);
    expect(ends.got).toBe(`\x1b[1;1R${QUERY}`);
  });

  test("Escape, which is a key", () => {
    const { clock, ends, replies, child, terminal } = open();
    child(QUERY);
    terminal("\x1b");
    ends.got += Buffer.from(replies.flush()).toString("latin1");
    clock.advance(50);
    expect(ends.got).toBe(`\x1b${QUERY}`);
  });

  test("a paste that says what an answer says is a paste", () => {
    const { clock, ends, child, terminal } = open();
    const paste = `\x1b[200~${QUERY}\x1b[201~`;
    child(QUERY);
    clock.advance(50);
    terminal(paste);
    expect(ends.got).toBe(QUERY + paste);
  });

  test("a child that cannot be reached for 5 s is not answered any more", () => {
    const { clock, ends, child, terminal } = open();
    child(QUERY);
    terminal("\x1b[200~long");
    clock.advance(6000);
    expect(clock.pending).toBe(0);
    terminal("\x1b[201~");
    expect(ends.got).toBe("\x1b[200~long\x1b[201~");
  });
});

describe("keys while an answer may come", () => {
  test("Alt+] reaches the child, and what follows at once", () => {
    const { clock, ends, replies, child, terminal } = open();
    child(QUERY);
    clock.advance(50);
    ends.got = "";
    terminal("\x1b]");
    expect(replies.holding && replies.holdsReport).toBe(true);
    ends.got += Buffer.from(replies.flush()).toString("latin1");
    terminal("7");
    expect(ends.got).toBe("\x1b]7");
    terminal("x");
    expect(ends.got).toBe("\x1b]7x");
  });

  test("what is no answer passes at the first byte that tells", () => {
    for (const text of [
      "\x1b]8",
      "\x1b]7501;s",
      "\x1b]7501;?x",
      `\x1b]7501;?\x1b[A`,
      "\x1b]7501;?\r",
    ]) {
      const { clock, ends, child, terminal } = open();
      child(QUERY);
      clock.advance(50);
      ends.got = "";
      for (const byte of bytes(text)) terminal(Uint8Array.of(byte));
      expect(ends.got).toBe(text);
    }
  });

  test("an answer without an end is let go at 4096 bytes", () => {
    const { clock, ends, replies, child, terminal } = open();
    child(QUERY);
    clock.advance(50);
    ends.got = "";
    const endless = `\x1b]7501;?:${"x".repeat(5000)}`;
    terminal(endless);
    expect(replies.holding).toBe(false);
    expect(ends.got).toBe(endless);
  });
});

test("500 ms over SSH, 50 ms here", () => {
  expect(statusWaitMs({})).toBe(50);
  expect(statusWaitMs({ SSH_CONNECTION: "", SSH_TTY: "" })).toBe(50);
  expect(statusWaitMs({ SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" })).toBe(500);
  expect(statusWaitMs({ SSH_TTY: "/dev/pts/0" })).toBe(500);
});
