/** What became of one file of a release. */
export interface Row {
  readonly file: string;
  /** How it was started, installed or verified. */
  readonly how: string;
  readonly result: Result;
  /** Why it failed or did not run; else what was seen. */
  readonly note: string;
}

/**
 * `unavailable`: it should have run on this machine, but what it takes is not installed.
 * `elsewhere`: it cannot run on this machine; only its form was verified.
 */
export type Result = "ok" | "failed" | "unavailable" | "elsewhere";

/** Collects rows; a check that throws is a row that failed. */
export class Rows {
  readonly all: Row[] = [];

  add(file: string, how: string, result: Result, note = ""): void {
    this.all.push({ file, how, result, note });
  }

  /** @param check returns what was seen */
  async check(file: string, how: string, check: () => Promise<string> | string): Promise<void> {
    try {
      this.add(file, how, "ok", await check());
    } catch (error) {
      this.add(file, how, "failed", error instanceof Error ? error.message : String(error));
    }
  }
}

/** The rows as a table, one line each; longer notes of failures follow it. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ["file", "how", "result", "note"],
    ...rows.map(({ file, how, result, note }) => [file, how, result, note.split("\n")[0] ?? ""]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const reports = rows
    .filter(({ result, note }) => result === "failed" && note.includes("\n"))
    .map(({ file, how, note }) => `\n${file}, ${how}:\n${note}`);
  return [...lines, ...reports].join("\n");
}

/** 1 when anything failed, 3 when something should have run and could not, else 0. */
export function statusOf(rows: readonly Row[]): 0 | 1 | 3 {
  if (rows.length === 0 || rows.some(({ result }) => result === "failed")) return 1;
  return rows.some(({ result }) => result === "unavailable") ? 3 : 0;
}

/** Throws unless both are the same. */
export function equal(what: string, seen: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what} is ${a}, not ${b}`);
}
