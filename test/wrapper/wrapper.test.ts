import { expect, test } from "bun:test";
import { Wrapper } from "../../src/wrapper/wrapper.ts";
import { settle } from "../support/fake-clock.ts";
import { FakeEnds } from "../support/wrapper-parts.ts";

const alternate = "\u001b[?1049h";
const failing = () => {
  throw new Error("broken");
};

test("bytes pass both ways, rows moved below the pane; the exit is the child's", async () => {
  const ends = new FakeEnds();
  const done = new Wrapper(ends.parts()).run();
  ends.output.push(`${alternate}\u001b[1;1Hhello`);
  ends.input.push("typed");
  await settle();
  expect(ends.written).toContain("\u001b[3;1Hhello");
  expect(ends.typed).toBe("typed");
  ends.exit({ code: 7 });
  expect(await done).toEqual({ code: 7 });
});

test("the terminal is raw while it runs, and left as it was found", async () => {
  const ends = new FakeEnds();
  const done = new Wrapper(ends.parts()).run();
  ends.output.push(`${alternate}\u001b[?1003h\u001b[?2004h`);
  await settle();
  expect(ends.raw).toEqual([true]);
  ends.exit({ signal: 9 });
  await done;
  expect(ends.raw).toEqual([true, false]);
  for (const mode of ["1049", "1003", "2004"]) expect(ends.last).toContain(`\u001b[?${mode}l`);
});

test.each<[string, string, Parameters<FakeEnds["parts"]>[0]]>([
  [
    "the view",
    "pane turned off",
    { view: { height: () => 2, rows: failing, nextChange: failing } },
  ],
])(
  "%s fails: the pane goes, the bytes flow on, the exit is the child's",
  async (_, line, change) => {
    const ends = new FakeEnds();
    let lost = 0;
    const done = new Wrapper(ends.parts({ ...change, onPaneLost: () => (lost += 1) })).run();
    ends.output.push(`${alternate}\u001b[5;1Hafter`);
    ends.input.push("key");
    await settle();
    expect(ends.written).toContain("\u001b[r");
    expect(ends.written).toContain("\u001b[5;1Hafter");
    expect(ends.sizes).toEqual([{ rows: 20, cols: 60 }]);
    expect(ends.typed).toBe("key");
    expect(lost).toBe(1);
    expect(ends.logged.join("\n")).toContain(line);
    ends.exit({ code: 0 });
    expect(await done).toEqual({ code: 0 });
  },
);

test("the rewriter fails in the middle: that chunk and all later ones pass as they are", async () => {
  const ends = new FakeEnds();
  const parts = ends.parts();
  const done = new Wrapper(parts).run();
  ends.output.push(`${alternate}one`);
  await settle();
  parts.split.feedChild = failing;
  ends.output.push("\u001b[9;1Htwo");
  ends.output.push("three");
  await settle();
  expect(ends.written).toEndWith("\u001b[r\u001b[9;1Htwothree");
  ends.exit({ code: 3 });
  expect(await done).toEqual({ code: 3 });
});

test("the input side fails: keys pass as they are", async () => {
  const ends = new FakeEnds();
  const parts = ends.parts();
  parts.replies.feed = failing;
  const done = new Wrapper(parts).run();
  ends.input.push("\u001b[A");
  await settle();
  expect(ends.typed).toBe("\u001b[A");
  ends.exit({ code: 0 });
  await done;
});

test("leaving fails: everything that can be reset is", async () => {
  const ends = new FakeEnds();
  const parts = ends.parts();
  parts.split.leave = failing;
  const done = new Wrapper(parts).run();
  ends.exit({ code: 0 });
  await done;
  expect(ends.last).toContain("\u001b[?1049l");
  expect(ends.raw.at(-1)).toBe(false);
});

test("a resize reaches the child, less the pane's rows", async () => {
  const ends = new FakeEnds();
  const done = new Wrapper(ends.parts()).run();
  ends.output.push(alternate);
  await settle();
  ends.resize({ rows: 30, cols: 50 });
  expect(ends.sizes).toEqual([{ rows: 28, cols: 50 }]);
  ends.exit({ code: 0 });
  await done;
});

test("a window too small for a pane has none, and gets it back when it grows", async () => {
  const ends = new FakeEnds();
  const view = { rows: () => ["top", "below"], nextChange: () => undefined };
  const height = ({ rows }: { readonly rows: number }) => (rows < 12 ? 0 : 2);
  const done = new Wrapper(ends.parts({ view: { ...view, height } })).run();
  ends.output.push(alternate);
  await settle();
  ends.resize({ rows: 11, cols: 50 });
  ends.output.push("\u001b[1;1Hsmall");
  await settle();
  expect(ends.written).toEndWith("\u001b[1;1Hsmall");
  ends.resize({ rows: 20, cols: 50 });
  ends.output.push("\u001b[1;1Hlarge");
  await settle();
  expect(ends.written).toEndWith("\u001b[3;1Hlarge");
  expect(ends.sizes).toEqual([
    { rows: 11, cols: 50 },
    { rows: 18, cols: 50 },
  ]);
  ends.exit({ code: 0 });
  await done;
});

test("a resize between the child's start and ours is not lost", async () => {
  const ends = new FakeEnds();
  const parts = ends.parts();
  ends.size = { rows: 40, cols: 90 };
  const done = new Wrapper(parts).run();
  expect(ends.sizes).toEqual([{ rows: 38, cols: 90 }]);
  ends.exit({ code: 0 });
  await done;
});

test("the terminal closes its input: the child is hung up on and waited for", async () => {
  const ends = new FakeEnds();
  const done = new Wrapper(ends.parts()).run();
  ends.input.end();
  await settle();
  expect(ends.closed).toBe(true);
  ends.exit({ signal: 1 });
  expect(await done).toEqual({ signal: 1 });
});

test("the terminal is gone and the child does not end: cdp does, within a second", async () => {
  const ends = new FakeEnds();
  const done = new Wrapper(ends.parts()).run();
  ends.onWrite = failing;
  ends.output.push("x");
  await settle();
  await ends.clock.run(900, 100);
  expect(await done).toEqual({ signal: 1 });
});

test("a slow terminal holds the child's output back, and nothing is painted into it", async () => {
  const ends = new FakeEnds();
  const free = Promise.withResolvers<void>();
  const chunks: string[] = [];
  const wrapper = new Wrapper(ends.parts());
  const done = wrapper.run();
  ends.output.push(alternate);
  await settle();
  ends.onWrite = (bytes) => {
    chunks.push(new TextDecoder().decode(bytes));
    return free.promise;
  };
  ends.output.push("first");
  ends.output.push("second");
  await settle();
  wrapper.refresh();
  expect(chunks).toEqual(["first"]);
  ends.onWrite = undefined;
  free.resolve();
  await settle();
  expect(ends.written).toEndWith("second");
  ends.exit({ code: 0 });
  await done;
});

test("a silent child and an unchanged view: not a byte, whatever the time", async () => {
  const ends = new FakeEnds();
  const wrapper = new Wrapper(ends.parts());
  const done = wrapper.run();
  ends.output.push(`${alternate}ready`);
  await settle();
  await ends.clock.run(1000, 100);
  const before = ends.written;
  await ends.clock.run(3_600_000, 60_000);
  wrapper.refresh();
  expect(ends.written).toBe(before);
  ends.exit({ code: 0 });
  await done;
});

test("Escape alone reaches the child after 10 ms, though the mouse is on", async () => {
  const ends = new FakeEnds();
  const done = new Wrapper(ends.parts()).run();
  ends.output.push(`${alternate}\u001b[?1003h\u001b[?1006h`);
  await settle();
  ends.input.push("\u001b");
  await settle();
  expect(ends.typed).toBe("");
  ends.clock.advance(10);
  expect(ends.typed).toBe("\u001b");
  ends.exit({ code: 0 });
  await done;
});

test("a key's echo is on the terminal before anything else is done about it", async () => {
  const ends = new FakeEnds();
  const parts = ends.parts();
  const done = new Wrapper(parts).run();
  ends.output.push(`${alternate}\u001b[1;1H`);
  await settle();
  const feed = parts.split.feedChild.bind(parts.split);
  let before = "";
  parts.split.feedChild = (chunk, written) => {
    before = ends.written;
    return feed(chunk, written);
  };
  ends.output.push("é");
  await settle();
  expect(before).toEndWith("é");
  expect(ends.written).toBe(before);
  ends.exit({ code: 0 });
  await done;
});
