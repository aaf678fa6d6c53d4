/** What a Codex session is doing, as the outside names it (docs/reference.md, `activity`). */
export const activityKinds = [
  "starting",
  "thinking",
  "reading",
  "searching",
  "editing",
  "running",
  "planning",
  "tool",
  "delegating",
  "approval",
  "question",
  "compacting",
  "idle",
  "error",
  "limited",
] as const;

export type ActivityKind = (typeof activityKinds)[number];

/** A kind with the moment it began (ms since the epoch) and, where known, what it is about. */
export interface Activity {
  readonly kind: ActivityKind;
  readonly since: number;
  /** A file's base name, a program and subcommand, a tool. Untrusted until scrubbed. */
  readonly target?: string;
  /** Of a file: absolute, or from the session's folder. */
  readonly path?: string;
  /** Of a file that is run: the interpreter, which may be named where the file may not. */
  readonly program?: string;
  /** When it is expected to end by itself (a usage limit's reset), ms since the epoch. */
  readonly until?: number;
}
