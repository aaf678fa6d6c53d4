/**
 * A mistake of the person at the keyboard: one line that says what is wrong and how to fix it.
 * Printed without a stack trace; the process ends with `status` (2 unless the contract says more).
 */
export class UserError extends Error {
  readonly status: number;

  constructor(message: string, status = 2) {
    super(message);
    this.name = "UserError";
    this.status = status;
  }
}

/** The message of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The `code` of a system error (`ENOENT`, `EPIPE`, …), if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
