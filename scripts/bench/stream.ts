import { type BenchTerminal, readUntil } from "./terminal.ts";

/** What a child shows after all its output: beyond ASCII, so no escape sequence looks like it. */
export const endMark = "ÞÆÐØ";
const deadlineSeconds = 300;

/**
 * Tells the child to write and reads it all.
 *
 * @param onRead told of the bytes read so far
 * @returns seconds
 */
export function sendThrough(terminal: BenchTerminal, onRead?: (bytes: number) => void): number {
  readUntil(terminal, /ready/);
  const mark = Buffer.from(endMark);
  const from = Bun.nanoseconds();
  terminal.write("go\n");
  let tail = Buffer.alloc(0);
  let bytes = 0;
  for (;;) {
    const chunk = terminal.read(1000);
    const seconds = (Bun.nanoseconds() - from) / 1e9;
    if (chunk === undefined) throw new Error("the program has ended");
    if (seconds > deadlineSeconds) throw new Error(`no end after ${seconds} s`);
    bytes += chunk.length;
    onRead?.(bytes);
    const seam = Buffer.concat([tail, chunk.subarray(0, mark.length)]);
    if (
      seam.includes(mark) ||
      Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes(mark)
    ) {
      return seconds;
    }
    if (chunk.length > 0) tail = Buffer.concat([tail, chunk]).subarray(-mark.length);
  }
}
