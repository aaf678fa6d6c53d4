import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { TerminalSize } from "../../src/terminal/terminal.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/recordings");

/** One thing that happened: the child wrote, or its terminal changed size. */
export type Moment = { readonly chunk: Uint8Array } | { readonly size: TerminalSize };

export interface Recording {
  readonly name: string;
  readonly size: TerminalSize;
  readonly moments: readonly Moment[];
}

/**
 * Names of the recordings of the real Codex in `test/fixtures/recordings`: 0.169, and with `v171_`
 * 0.171 (made by `record-terminal.ts`).
 */
export const recordingNames: readonly string[] = readdirSync(FOLDER).toSorted();

/** One file of a recording, unpacked. */
export function recordingFile(name: string, file: string): Uint8Array {
  return Bun.gunzipSync(new Uint8Array(readFileSync(join(FOLDER, name, `${file}.gz`))));
}

/** A recording as it happened: each read of Codex's output, and the resizes between. */
export function readRecording(name: string): Recording {
  const raw = recordingFile(name, "raw.bin");
  const meta = JSON.parse(text(name, "meta.json")) as TerminalSize;
  const reads = lines(name, "timing.jsonl") as [number, number, number][];
  const resizes = (lines(name, "events.jsonl") as Event[]).filter(({ type }) => type === "resize");
  const moments: Moment[] = [];
  for (const [ms, offset, length] of reads) {
    while (resizes[0] !== undefined && resizes[0].t <= ms) {
      const { r: rows, c: cols } = resizes.shift() as Event;
      moments.push({ size: { rows, cols } });
    }
    moments.push({ chunk: raw.subarray(offset, offset + length) });
  }
  return { name, size: { rows: meta.rows, cols: meta.cols }, moments };
}

interface Event {
  readonly t: number;
  readonly type: string;
  readonly r: number;
  readonly c: number;
}

const text = (name: string, file: string): string =>
  new TextDecoder().decode(recordingFile(name, file));

const lines = (name: string, file: string): unknown[] =>
  text(name, file)
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
