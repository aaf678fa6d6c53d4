import type { FileCounts } from "./thread-file.ts";

/** What was met in a home's rollouts, and what of it could not be used. */
export interface Met {
  readonly files: number;
  readonly lines: number;
  /** Lines of a type nobody here has heard of, that are no JSON, or that are too long to be kept. */
  readonly unknown: number;
  readonly broken: number;
  readonly long: number;
  /** Files that began anew, whose name is gone, that cannot be read. */
  readonly restarts: number;
  readonly gone: number;
  readonly refused: number;
}

export const nothingMet: Met = {
  files: 0,
  lines: 0,
  unknown: 0,
  broken: 0,
  long: 0,
  restarts: 0,
  gone: 0,
  refused: 0,
};

/** With what was met in one more file. */
export function addCounts(met: Met, file: FileCounts): Met {
  return {
    files: met.files + 1,
    lines: met.lines + file.items + file.skipped + file.unknown + file.broken,
    unknown: met.unknown + file.unknown,
    broken: met.broken + file.broken,
    long: met.long + file.long,
    restarts: met.restarts + file.restarts,
    gone: met.gone + (file.gone ? 1 : 0),
    refused: met.refused + (file.refused ? 1 : 0),
  };
}
