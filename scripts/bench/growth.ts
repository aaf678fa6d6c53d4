import { judge, sayTable } from "./goals.ts";
import { median } from "./statistics.ts";

/** How far the last quarter's highest may be above the first quarter's, MB: a heap breathes. */
const goalMb = 16;

/** Says how large a program was in each quarter of a run, and judges whether it grew. */
export function judgeGrowth(samplesMb: readonly number[]): void {
  const quarters = [0, 1, 2, 3].map((n) =>
    samplesMb.slice((samplesMb.length * n) / 4, (samplesMb.length * (n + 1)) / 4),
  );
  const highest = quarters.map((quarter) => Math.max(...quarter));
  sayTable([
    ["VmRSS MB", "1st quarter", "2nd", "3rd", "last"],
    ["highest", ...highest.map((mb) => mb.toFixed(1))],
    ["median", ...quarters.map((quarter) => median(quarter).toFixed(1))],
  ]);
  judge([
    {
      name: "highest of the last quarter above the highest of the first",
      value: (highest[3] ?? Number.NaN) - (highest[0] ?? Number.NaN),
      limit: goalMb,
      unit: "MB",
      digits: 1,
    },
  ]);
}
