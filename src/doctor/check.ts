/** `warn`: works, or would, but not as well as it could. `fail`: something cannot work. */
export type CheckState = "ok" | "warn" | "fail";

/** One thing that was looked at: what is so and, where it should be otherwise, what to do. */
export interface Check {
  /** What was looked at; several checks may share it (each place of Discord's). */
  readonly name: string;
  readonly state: CheckState;
  /** One sentence. May hold text from outside: sanitize before it is shown. */
  readonly line: string;
  readonly fix?: string;
}

export const ok = (name: string, line: string): Check => ({ name, state: "ok", line });

export const warn = (name: string, line: string, fix: string): Check => ({
  name,
  state: "warn",
  line,
  fix,
});

export const fail = (name: string, line: string, fix: string): Check => ({
  name,
  state: "fail",
  line,
  fix,
});

/** Exit status of `cdp doctor`: 1 when anything failed; warnings are allowed. */
export function exitStatusOf(checks: readonly Check[]): number {
  return checks.some(({ state }) => state === "fail") ? 1 : 0;
}

/** `1 file`, `2 files`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
