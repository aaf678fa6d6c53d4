import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { noInheritance, type Inheritance, type SendAge } from "./message.ts";
import type { Mode } from "./metadata.ts";

/** This process, as it introduces itself to the others. */
export interface Self {
  readonly pid: number;
  readonly exePath: string;
  readonly identity: string | undefined;
  readonly mode: Mode;
  readonly version: string;
  /** Start of this run, ms since the epoch. */
  readonly startedAt: number;
}

/** Where and with what an instance works. */
export interface Surroundings {
  /** Codex's home, sound and ours. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was inherited, and when (monotonic ms): ages grow while one waits. */
export interface Legacy {
  readonly inheritance: Inheritance;
  readonly heardAt: number;
}

/** The inheritance as it is at `now` (monotonic ms). */
export function aged(legacy: Legacy | undefined, now: number): Inheritance {
  if (legacy === undefined) return noInheritance;
  const { sendAges, timerStart } = legacy.inheritance;
  const waited = now - legacy.heardAt;
  const older = (each: SendAge): SendAge =>
    typeof each === "number" ? each + waited : [each[0] + waited, each[1]];
  return { sendAges: sendAges.map(older), timerStart };
}
