import { expect, test } from "bun:test";
import { openEmulator } from "../../src/terminal/emulator.ts";
import { Replies } from "../../src/terminal/replies.ts";
import { Split } from "../../src/terminal/split.ts";
import { StatusQueries } from "../../src/terminal/status-queries.ts";
import { Wrapper } from "../../src/wrapper/wrapper.ts";
import { settle } from "../support/fake-clock.ts";
import { FakeEnds } from "../support/wrapper-parts.ts";

const QUERY = "\u001b]7501;?\u001b\\";

function run() {
  const ends = new FakeEnds();
  const status = new StatusQueries({ clock: ends.clock, waitMs: 50 });
  const split = new Split({ size: ends.size, paneRows: 2, emulator: openEmulator, status });
  const wrapper = new Wrapper(ends.parts({ split, replies: new Replies(split) }));
  return { ends, done: wrapper.run() };
}

test("a terminal that does not answer is answered for, after what it sends has passed", async () => {
  const { ends, done } = run();
  ends.output.push(QUERY);
  await settle();
  expect(ends.written).toContain(QUERY);
  ends.input.push("\u001b[200~paste");
  await settle();
  ends.clock.advance(100);
  expect(ends.typed).toBe("\u001b[200~paste");
  ends.input.push("d\u001b[201~");
  await settle();
  ends.clock.advance(10);
  expect(ends.typed).toBe(`\u001b[200~pasted\u001b[201~${QUERY}`);
  ends.exit({ code: 0 });
  await done;
});

test("a child that ends before the answer is due leaves no timer", async () => {
  const { ends, done } = run();
  ends.output.push(QUERY);
  await settle();
  ends.exit({ code: 0 });
  await done;
  expect(ends.clock.pending).toBe(0);
  ends.clock.advance(1000);
  expect(ends.typed).toBe("");
});
