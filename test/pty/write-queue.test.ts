import { expect, test } from "bun:test";
import { createWriteQueue } from "../../src/pty/write-queue.ts";

/** A kernel that takes `room` bytes until more room is made, and a clock that runs when told. */
function fakeTarget(room: number) {
  const state = { room, taken: [] as number[], gone: false, writes: 0 };
  const waiting: { attempt: number; run: () => void }[] = [];
  const queue = createWriteQueue({
    write(bytes) {
      state.writes += 1;
      if (state.gone) throw new Error("EIO");
      const count = Math.min(bytes.length, state.room);
      state.room -= count;
      state.taken.push(...bytes.subarray(0, count));
      return count;
    },
    later: (attempt, run) => waiting.push({ attempt, run }),
  });
  return { queue, state, waiting, tick: () => waiting.shift()?.run() };
}

test("what the kernel takes is written at once, without waiting", () => {
  const { queue, state, waiting } = fakeTarget(100);
  queue.push(Uint8Array.of(1, 2, 3));
  queue.push(Uint8Array.of());
  expect(state).toMatchObject({ taken: [1, 2, 3], writes: 1 });
  expect(queue.pendingBytes).toBe(0);
  expect(waiting).toEqual([]);
});

test("the rest waits in order, also where the caller uses its buffer again", () => {
  const { queue, state, tick } = fakeTarget(2);
  const buffer = Uint8Array.of(1, 2, 3, 4);
  queue.push(buffer);
  buffer.fill(9);
  queue.push(Uint8Array.of(5));
  expect(queue.pendingBytes).toBe(3);
  for (let n = 0; n < 3; n += 1) {
    state.room += 1;
    tick();
  }
  expect(state.taken).toEqual([1, 2, 3, 4, 5]);
  expect(queue.pendingBytes).toBe(0);
});

test("attempts count up while nothing moves and start again after progress", () => {
  const { queue, state, waiting, tick } = fakeTarget(0);
  queue.push(Uint8Array.of(1, 2));
  const attempts = [waiting[0]?.attempt];
  for (const room of [0, 0, 1, 0]) {
    state.room = room;
    tick();
    attempts.push(waiting[0]?.attempt);
  }
  expect(attempts).toEqual([1, 2, 3, 0, 1]);
});

test("only one retry is under way, whatever is pushed", () => {
  const { queue, waiting } = fakeTarget(0);
  for (let n = 0; n < 5; n += 1) queue.push(Uint8Array.of(n));
  expect(waiting.length).toBe(1);
});

test("one turn writes no more than 256 KiB", () => {
  const { queue, state, waiting } = fakeTarget(Number.POSITIVE_INFINITY);
  queue.push(new Uint8Array(600_000));
  expect(state.taken.length).toBe(256 * 1024);
  expect(waiting[0]?.attempt).toBe(0);
});

test("an error of the kernel drops what is queued; later writes are tried again", () => {
  const { queue, state, tick } = fakeTarget(1);
  queue.push(Uint8Array.of(1, 2));
  state.gone = true;
  tick();
  expect(queue.pendingBytes).toBe(0);
  state.gone = false;
  state.room = 1;
  queue.push(Uint8Array.of(3));
  expect(state.taken).toEqual([1, 3]);
});

test("stop forgets everything, also a retry under way", () => {
  const { queue, state, tick } = fakeTarget(1);
  queue.push(Uint8Array.of(1, 2));
  queue.stop();
  state.room = 10;
  tick();
  queue.push(Uint8Array.of(3));
  expect(state.taken).toEqual([1]);
  expect(queue.pendingBytes).toBe(0);
});
