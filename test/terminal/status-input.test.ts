import { describe, expect, test } from "bun:test";
import { everySplit } from "../support/every-split.ts";
import { QUERY, ST, bytes, openAsked as open } from "./status-setup.ts";

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

  test("what we have answered already is not answered again", () => {
    const { clock, ends, child, terminal } = open();
    child(QUERY);
    clock.advance(50);
    child("\x1b[c");
    terminal(DA1);
    expect(ends.got).toBe(QUERY + DA1);
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
    terminal("3;");
    clock.advance(100);
    expect(ends.got).toBe("\x1b[");
    terminal("1R");
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

  test("a late answer of which a part went ahead is not cut in two", () => {
    const { clock, ends, replies, child, terminal } = open();
    child(QUERY);
    clock.advance(50);
    ends.got = "";
    terminal(QUERY.slice(0, 4));
    ends.got += Buffer.from(replies.flush()).toString("latin1");
    terminal(QUERY.slice(4));
    expect(ends.got).toBe(QUERY);
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
