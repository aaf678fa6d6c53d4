/** Where Codex keeps what belongs to a thread, by the thread's id (a UUID of version 7). */

const threadId = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const rolloutName = new RegExp(`^rollout-[0-9T-]{19}-(${threadId})\\.jsonl$`);
const lockName = new RegExp(`^(${threadId})\\.lock$`);
const plainName = new RegExp(`^${threadId}$`);

const dayMs = 86_400_000;

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
  const [year = "", month = "", day = ""] = localParts(at);
  return `${home}/sessions/${year}/${month}/${day}`;
}

/** The thread's own day first, then its neighbours: the time zone may have been another. */
export function dayFoldersOf(home: string, thread: string): readonly string[] {
  const at = createdAtOf(thread);
  return [at, at - dayMs, at + dayMs].map((day) => dayFolder(home, day));
}

/** The likely paths of a thread's rollout; the name's second may differ from the id's by one. */
export function likelyPaths(home: string, thread: string): readonly string[] {
  const at = createdAtOf(thread);
  return [at, at + 1000, at - 1000].map((moment) => {
    const [year, month, day, hour, minute, second] = localParts(moment);
    const name = `rollout-${year}-${month}-${day}T${hour}-${minute}-${second}-${thread}.jsonl`;
    return `${dayFolder(home, moment)}/${name}`;
  });
}

function localParts(at: number): readonly string[] {
  const date = new Date(at);
  const parts = [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ];
  return parts.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, "0"));
}
