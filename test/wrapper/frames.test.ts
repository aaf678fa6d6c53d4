import { expect, test } from "bun:test";
import { Wrapper } from "../../src/wrapper/wrapper.ts";
import { settle } from "../support/fake-clock.ts";
import { FakeEnds } from "../support/wrapper-parts.ts";

const BEGIN = "\u001b[?2026h";
const END = "\u001b[?2026l";

/** A wrapper whose pane shows `shown.text`, with a child on the alternate screen. */
async function open() {
  const ends = new FakeEnds();
  const shown = { text: "before" };
  const view = {
    height: () => 2,
    rows: () => [shown.text, "below"],
    nextChange: () => undefined,
  };
  const wrapper = new Wrapper(ends.parts({ view }));
  const done = wrapper.run();
  const child = async (text: string): Promise<void> => {
    ends.output.push(text);
    await settle();
  };
  await child("\u001b[?1049h\u001b[1;1H");
  await ends.clock.run(100, 50);
  const change = (text: string): void => {
    shown.text = text;
    wrapper.refresh();
  };
  const close = async (): Promise<void> => {
    ends.exit({ code: 0 });
    await done;
  };
  return { ends, shown, child, change, close };
}

test("a frame that is never closed holds the pane back for a second, and not longer", async () => {
  const { ends, child, change, close } = await open();
  await child(`${BEGIN}\u001b[2;2Hhello`);
  change("after");
  await ends.clock.run(990, 10);
  expect(ends.written).not.toContain("after");
  await ends.clock.run(10, 10);
  expect(ends.written).toContain("after");
  // In a frame of its own: the terminal may still wait for the end of the child's.
  expect(ends.written.slice(0, ends.written.indexOf("after")).lastIndexOf(BEGIN)).toBeGreaterThan(
    ends.written.indexOf("hello"),
  );
  expect(ends.written.slice(ends.written.indexOf("after"))).toContain(END);
  change("later");
  await ends.clock.run(40, 10);
  expect(ends.written).toContain("later");
  await close();
});

test("begun again and again without an end, the pane is held back no longer", async () => {
  const { ends, child, change, close } = await open();
  await child(BEGIN);
  change("after");
  for (let ms = 0; ms < 1000; ms += 100) {
    // oxlint-disable-next-line no-await-in-loop -- one moment after the other
    await child(`${BEGIN}x`);
    // oxlint-disable-next-line no-await-in-loop -- one moment after the other
    await ends.clock.run(100, 50);
  }
  expect(ends.written).toContain("after");
  change("again");
  await child(`${BEGIN}x`);
  await ends.clock.run(1000, 50);
  expect(ends.written).toContain("again");
  await close();
});

test("frames that are closed have a second each, and nothing is painted into them", async () => {
  const { ends, child, change, close } = await open();
  for (let ms = 0; ms < 3000; ms += 600) {
    change(`at ${ms}`);
    const from = ends.written.length;
    // oxlint-disable-next-line no-await-in-loop -- one moment after the other
    await child(`${BEGIN}\u001b[3;3Hframe`);
    // oxlint-disable-next-line no-await-in-loop -- one moment after the other
    await ends.clock.run(600, 50);
    const frame = ends.written.slice(ends.written.indexOf("frame", from));
    expect(frame).toBe("frame");
    // oxlint-disable-next-line no-await-in-loop -- one moment after the other
    await child(END);
    expect(ends.written).toContain(`at ${ms}`);
  }
  await close();
});

test("a new frame after one that was given up is waited for again", async () => {
  const { ends, child, change, close } = await open();
  await child(`${BEGIN}x`);
  await ends.clock.run(1500, 50);
  await child(BEGIN);
  change("after");
  await ends.clock.run(900, 50);
  expect(ends.written).not.toContain("after");
  await child(END);
  expect(ends.written).toContain("after");
  await close();
});

test("frames that were closed are not remembered, and nothing is written into silence", async () => {
  const { ends, shown, child, close } = await open();
  for (let frame = 0; frame < 20; frame++) {
    // oxlint-disable-next-line no-await-in-loop -- one frame after the other
    await child(`${BEGIN}x`);
    // oxlint-disable-next-line no-await-in-loop -- one frame after the other
    await child(END);
  }
  expect(ends.clock.pending).toBeLessThan(5);
  shown.text = "silent";
  const before = ends.written;
  await ends.clock.run(5000, 100);
  expect(ends.written).toBe(before);
  await close();
});

test("a frame open at the end of the run leaves no timer", async () => {
  const { ends, child, close } = await open();
  await child(BEGIN);
  expect(ends.clock.pending).toBeGreaterThan(0);
  await close();
  expect(ends.clock.pending).toBe(0);
});
