import { expect, test } from "bun:test";
import { createHeldOutput } from "../../src/pty/held-output.ts";

const KIB = 1024;

function fakeSource() {
  const tap: string[] = [];
  const output = createHeldOutput({
    hold: () => tap.push("hold"),
    release: () => tap.push("release"),
  });
  return { output, tap };
}

test("chunks come out in order, and those pushed before the end are still given out", async () => {
  const { output } = fakeSource();
  output.push(Uint8Array.of(1));
  output.push(Uint8Array.of(2));
  output.end();
  output.push(Uint8Array.of(3));
  expect([await output.next(), await output.next(), await output.next()]).toEqual([
    Uint8Array.of(1),
    Uint8Array.of(2),
    undefined,
  ]);
});

test("a reader that waits gets the next chunk, or the end", async () => {
  const { output } = fakeSource();
  const first = output.next();
  output.push(Uint8Array.of(7));
  expect(await first).toEqual(Uint8Array.of(7));
  const second = output.next();
  output.end();
  expect(await second).toBeUndefined();
});

test("discard gives nothing more out", async () => {
  const { output } = fakeSource();
  output.push(Uint8Array.of(1));
  output.discard();
  expect(await output.next()).toBeUndefined();
});

test("the tap closes once above 1 MiB and opens once below 256 KiB", async () => {
  const { output, tap } = fakeSource();
  for (let n = 0; n < 16; n += 1) output.push(new Uint8Array(64 * KIB));
  expect(tap).toEqual([]);
  output.push(new Uint8Array(64 * KIB));
  output.push(new Uint8Array(64 * KIB));
  expect(tap).toEqual(["hold"]);
  for (let n = 0; n < 14; n += 1) await output.next();
  expect(tap).toEqual(["hold"]);
  await output.next();
  await output.next();
  expect(tap).toEqual(["hold", "release"]);
});
