import { loadavg } from "node:os";

/** What must hold, and what was measured. `undefined` as a limit: the peer is not installed. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly limit: number | undefined;
  /** Whether `value` must not be above (`most`, the default) or below the limit. */
  readonly bound?: "most" | "least";
  readonly unit: string;
  readonly digits?: number;
}

export type Verdict = "met" | "missed" | "not compared";

export function verdict({ value, limit, bound }: Goal): Verdict {
  if (limit === undefined) return "not compared";
  const met = bound === "least" ? value >= limit : value <= limit;
  return met ? "met" : "missed"; // NaN, which is nothing measured, is missed.
}

/** Exit status: 0 all met, 1 one missed, 3 none missed but one not compared. */
export function exitStatus(verdicts: readonly Verdict[]): number {
  if (verdicts.includes("missed")) return 1;
  return verdicts.includes("not compared") || verdicts.length === 0 ? 3 : 0;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function sayLoad(): void {
  say(
    `load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  );
}

/** Prints each goal with its verdict and sets this process's exit status. */
export function judge(goals: readonly Goal[]): void {
  for (const goal of goals) {
    const { name, value, limit, bound = "most", unit, digits = 2 } = goal;
    const wanted =
      limit === undefined ? "peer not installed" : `goal at ${bound} ${limit.toFixed(digits)}`;
    say(`${verdict(goal).padEnd(12)}  ${name}: ${value.toFixed(digits)} ${unit} (${wanted})`);
  }
  process.exitCode = exitStatus(goals.map(verdict));
}

/** Rows of cells, right-aligned below their heads but for the first column. */
export function sayTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    say(`  ${cells.join("  ")}`);
  }
}
