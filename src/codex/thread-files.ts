/** Where Codex keeps what belongs to a thread, by the thread's id (a UUID of version 7). */

const threadId = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const rolloutName = new RegExp(`^rollout-[0-9T-]{19}-(${threadId})\\.jsonl$`);
const lockName = new RegExp(`^(${threadId})\\.lock$`);
const plainName = new RegExp(`^${threadId}$`);

const dayMs = 86_400_000;
const quarterMs = 900_000;
const maxOffsetMs = 14 * 3_600_000;

/** Folders under `CODEX_HOME` that name threads: those being written, those a terminal shows. */
export const lockFolder = "thread-writer-locks";
export const shownFolder = "tui-thread-reference-capabilities";

export function threadOfRollout(name: string): string | undefined {
  return rolloutName.exec(name)?.[1];
}

export function threadOfLock(name: string): string | undefined {
  return lockName.exec(name)?.[1];
}

export function threadOfShown(name: string): string | undefined {
  return plainName.test(name) ? name : undefined;
}

/** When the thread was created, ms since the epoch: the first 48 bits of its id. */
export function createdAtOf(thread: string): number {
  return Number.parseInt(thread.slice(0, 8) + thread.slice(9, 13), 16);
}

/** The folder for rollouts of threads created on the day of `at`, in local time as Codex has it. */
export function dayFolder(home: string, at: number): string {
  return dayFolderIn(home, at, -new Date(at).getTimezoneOffset() * 60_000);
}

/** What the names of rollouts of a moment, in local time, begin with. */
export function rolloutNameAt(at: number): string {
  return `rollout-${localTime(at, -new Date(at).getTimezoneOffset() * 60_000)}`;
}

/**
 * The same where local time is `offset` ms ahead of UTC. Asking the runtime for local time the
 * first time takes it a tenth of what `cdp status` may, so a quick look does without.
 */
export function dayFolderIn(home: string, at: number, offset: number): string {
  const [date = ""] = localTime(at, offset).split("T");
  return `${home}/sessions/${date.replaceAll("-", "/")}`;
}

/** The thread's own day first, then its neighbours: the time zone may have been another. */
export function dayFoldersOf(home: string, thread: string, offset: number): readonly string[] {
  const at = createdAtOf(thread);
  return [at, at - dayMs, at + dayMs].map((day) => dayFolderIn(home, day, offset));
}

/** The likely paths of a thread's rollout; the name's second may differ from the id's by one. */
export function likelyPaths(home: string, thread: string, offset: number): readonly string[] {
  const at = createdAtOf(thread);
  return [at, at + 1000, at - 1000].map((moment) => {
    const name = `rollout-${localTime(moment, offset)}-${thread}.jsonl`;
    return `${dayFolderIn(home, moment, offset)}/${name}`;
  });
}

/** How far local time was ahead of UTC (ms) where a rollout was named; zones differ by quarters. */
export function offsetOf(name: string): number | undefined {
  const thread = threadOfRollout(name);
  const [, date = "", time = ""] = /^rollout-([\d-]{10})T([\d-]{8})-/.exec(name) ?? [];
  if (thread === undefined) return undefined;
  const ahead = Date.parse(`${date}T${time.replaceAll("-", ":")}Z`) - createdAtOf(thread);
  const offset = Math.round(ahead / quarterMs) * quarterMs;
  return Math.abs(offset) <= maxOffsetMs ? offset : undefined;
}

function localTime(at: number, offset: number): string {
  return new Date(at + offset).toISOString().slice(0, 19).replaceAll(":", "-");
}
