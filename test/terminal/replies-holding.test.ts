import { describe, expect, test } from "bun:test";
import { SGR, latin1, openInput } from "./replies-setup.ts";

describe("bracketed paste", () => {
  const hostile = "\x1b[<0;1;1M\x1b[M!!!\x1b[24;80R\x1b[8;24;80t\x1b[200~\x1b[201\x1b\x1b[20";
  const paste = `\x1b[200~${hostile}\x1b[201~`;

  test("nothing inside is interpreted, what follows is", () => {
    const all = openInput({ modes: SGR, asked: ["cpr"] });
    expect(all.feed(`${paste}\x1b[24;80R`)).toBe(`${paste}\x1b[22;80R`);
    expect(all.clicks).toEqual([]);
  });

  test("cut anywhere, and never held inside", () => {
    for (let cut = 0; cut <= paste.length; cut++) {
      const all = openInput({ modes: SGR, asked: ["cpr"] });
      const first = all.feed(paste.slice(0, cut));
      if (cut >= 6) expect(first.length).toBe(cut);
      expect(first + all.feed(`${paste.slice(cut)}\x1b[24;80R`)).toBe(`${paste}\x1b[22;80R`);
    }
  });

  test("a start that was flushed in two is still a start", () => {
    const all = openInput({ modes: SGR });
    const first = all.feed("\x1b[20") + latin1(all.replies.flush());
    expect(first + all.feed(`0~${hostile}`)).toBe(`\x1b[200~${hostile}`);
  });

  test("10 MB go through whole, chunk by chunk", () => {
    const all = openInput({ modes: SGR });
    all.feed("\x1b[200~");
    const chunk = new Uint8Array(65536).map((_, i) => (i * 31) % 251);
    let same = 0;
    for (let i = 0; i < 160; i++) {
      const { child } = all.replies.feed(chunk);
      if (child.length + (all.replies.holding ? 1 : 0) === chunk.length) same++;
    }
    expect(same).toBe(160);
    expect(all.feed("\x1b[201~\x1b[<0;1;1M")).toBe("\x1b[201~");
  });
});

describe("holding back", () => {
  test("Escape goes at once while no mouse is reported, asked or not", () => {
    for (const asked of [[], ["cpr"]] as const) {
      const all = openInput({ asked });
      expect(all.feed("\x1b")).toBe("\x1b");
      expect(all.replies.holding).toBe(false);
      expect(all.feed("[")).toBe("[");
      expect(all.replies.holding).toBe(false);
    }
  });

  test("nor while no pane stands, though a size is the child's in whatever pieces it comes", () => {
    const all = openInput({ shift: 0, modes: SGR });
    expect(all.feed("\x1b")).toBe("\x1b");
    expect(all.feed("[8;2") + all.feed("4;80t\x1b[<0;1;1M")).toBe("[8;22;80t\x1b[<0;1;1M");
  });

  test("what went ahead is still understood", () => {
    const all = openInput({ asked: ["cpr"] });
    expect(all.feed("\x1b") + all.feed("[") + all.feed("24;") + all.feed("80R")).toBe(
      "\x1b[22;80R",
    );
  });

  test("with a mouse Escape waits for flush, and comes once", () => {
    const all = openInput({ modes: SGR });
    expect(all.feed("\x1b")).toBe("");
    expect(all.replies.holding).toBe(true);
    expect(latin1(all.replies.flush())).toBe("\x1b");
    expect(all.replies.holding).toBe(false);
    expect(latin1(all.replies.flush())).toBe("");
    expect(all.feed("x")).toBe("x");
  });

  test("nothing is held without a pane", () => {
    const all = openInput({ pane: 0, modes: SGR, asked: ["cpr"] });
    for (const part of ["\x1b", "[", "<0;1", ";1", "M"]) {
      expect(all.feed(part)).toBe(part);
      expect(all.replies.holding).toBe(false);
    }
  });

  test("a report of the pane whose ESC was flushed leaves that ESC alone", () => {
    const all = openInput({ modes: SGR });
    all.feed("\x1b");
    all.replies.flush();
    expect(all.feed("[<0;1;1Mx")).toBe("x");
  });

  test("a report of the pane that was flushed in its middle is finished, so that it eats no key", () => {
    const all = openInput({ modes: SGR });
    all.feed("\x1b[<0;1");
    const flushed = latin1(all.replies.flush());
    expect(flushed + all.feed(";1Mx")).toBe("\x1b[<0;1;1Mx");
  });

  test("an answer whose row was flushed ends as it began", () => {
    const all = openInput({ asked: ["cpr"] });
    const first = all.feed("\x1b[24") + latin1(all.replies.flush());
    expect(first + all.feed(";80R")).toBe("\x1b[24;80R");
  });

  test("`[M` typed by hand after Escape, and three keys, are keys", () => {
    const all = openInput({ modes: [1000] });
    let received = "";
    for (const key of ["\x1b", "[", "M", "j", "j", "j"]) {
      received += all.feed(key) + latin1(all.replies.flush());
    }
    expect(received).toBe("\x1b[Mjjj");
  });

  test("an endless sequence is passed on after 64 bytes", () => {
    const all = openInput({ modes: SGR, asked: ["cpr"] });
    let received = "";
    for (let i = 0; i < 1000; i++) received += all.feed(i === 0 ? "\x1b[" : "1");
    expect(received.length).toBeGreaterThan(900);
    expect(received + latin1(all.replies.flush())).toBe(`\x1b[${"1".repeat(999)}`);
  });

  test("a size change while a sequence is held", () => {
    const all = openInput({ modes: SGR });
    all.feed("\x1b[8;30;");
    all.split.paneRows = 3;
    expect(all.feed("80t")).toBe("\x1b[8;27;80t");
  });
});
