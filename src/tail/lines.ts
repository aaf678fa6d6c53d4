import { joinBytes } from "../lib/bytes.ts";

/** Receives one line without its newline; the bytes are only good until the call returns. */
export type OnLine = (line: Uint8Array, whole: boolean) => void;

export interface LineLimits {
  /** A longer line is not kept: only its beginning is handed over, with `whole` false. */
  readonly maxBytes: number;
  /** How much of such a line is handed over; nothing where its beginning was skipped. */
  readonly headBytes: number;
}

export const lineLimits: LineLimits = { maxBytes: 1_048_576, headBytes: 1024 };

/** Cuts a stream of bytes into lines, keeping the unfinished last one. */
export interface LineSplitter {
  feed(chunk: Uint8Array): void;
  /** Forgets the unfinished line; `skipRest` drops everything up to the next newline as well. */
  reset(skipRest: boolean): void;
  /** Bytes held for the unfinished line; never more than `maxBytes`. */
  readonly held: number;
}

const newline = 10;

/** A splitter that calls `onLine` for each complete line, while `feed` runs. */
export function splitLines(onLine: OnLine, limits: LineLimits = lineLimits): LineSplitter {
  let parts: Uint8Array[] = [];
  let held = 0;
  let mode: "keeping" | "tooLong" | "skipping" = "keeping";
  /** Bytes of a line whose beginning was not met. */
  let skipped = 0;

  function hold(bytes: Uint8Array): void {
    if (mode === "skipping") skipped += bytes.length;
    if (mode !== "keeping" || bytes.length === 0) return;
    // The caller reuses its buffer.
    parts.push(bytes.slice(0, limits.maxBytes + 1));
    held += bytes.length;
    if (held <= limits.maxBytes) return;
    mode = "tooLong";
    parts = [joinBytes(parts).slice(0, limits.headBytes)];
    held = parts[0]?.length ?? 0;
  }

  function endLine(rest: Uint8Array): void {
    if (mode === "keeping" && parts.length === 0 && rest.length <= limits.maxBytes) {
      onLine(rest, true);
      return;
    }
    hold(rest);
    // Of a line that was skipped nothing is known but that it was too long.
    if (mode !== "skipping" || skipped > limits.maxBytes)
      onLine(joinBytes(parts), mode === "keeping");
    parts = [];
    held = 0;
    mode = "keeping";
  }

  return {
    feed(chunk) {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(newline, start);
        if (end < 0) break;
        endLine(chunk.subarray(start, end));
        start = end + 1;
      }
      hold(chunk.subarray(start));
    },
    reset(skipRest) {
      parts = [];
      held = 0;
      mode = skipRest ? "skipping" : "keeping";
      skipped = 0;
    },
    get held() {
      return held;
    },
  };
}
