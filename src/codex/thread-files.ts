/** Where Codex keeps what belongs to a thread, by the thread's id (a UUID of version 7). */

const threadId = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** A thread that was rewound goes on in a file of its own, named by the thread and that file's id. */
const rolloutName = new RegExp(`^rollout-([0-9T-]{19})-(${threadId})(?:_(${threadId}))?\\.jsonl$`);
const lockName = new RegExp(`^(${threadId})\\.lock$`);
const plainName = new RegExp(`^${threadId}$`);

const dayMs = 86_400_000;
const quarterMs = 900_000;
const maxOffsetMs = 14 * 3_600_000;

/** Folders under `CODEX_HOME` that name threads: those being written, those a terminal shows. */
export const lockFolder = "thread-writer-locks";
export const shownFolder = "tui-thread-reference-capabilities";

export function threadOfRollout(name: string): string | undefined {
  return rolloutName.exec(name)?.[2];
}

/** The thread whose history a rollout goes on with after a rewind; `undefined` of a first file. */
export function laterFileOf(name: string): string | undefined {
  // Most of ten thousand names are not.
  if (!name.includes("_")) return undefined;
  const [, , thread, file] = rolloutName.exec(name) ?? [];
  return file === undefined ? undefined : thread;
}

/**
 * When a rollout was begun, ms since the epoch: by its own id, else by its name, which is in the
 * local time of its writer. Of a thread's several files the one begun last is the one in use.
 */
export function begunAtOf(name: string): number {
  const [, time = "", thread = "", file] = rolloutName.exec(name) ?? [];
  const named = Date.parse(`${time.slice(0, 10)}T${time.slice(11).replaceAll("-", ":")}Z`);
  const id = file ?? thread;
  const byId = isTimed(id) ? createdAtOf(id) : Number.NaN;
  if (Math.abs(named - byId) <= maxOffsetMs) return byId;
  return Number.isNaN(named) ? 0 : named;
}

/** Whether a thread's file was begun after another of its files, so that it is the one in use. */
export function isLaterFile(path: string, than: string): boolean {
  const [name, other] = [path, than].map((each) => each.slice(each.lastIndexOf("/") + 1));
  const order = begunAtOf(name ?? "") - begunAtOf(other ?? "");
  return order === 0 ? (name ?? "") > (other ?? "") : order > 0;
}

/** Whether an id has the moment of its making in it (a UUID of version 7). */
export function isTimed(id: string): boolean {
  return plainName.test(id) && id[14] === "7";
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
  // A later file of the thread is named by its own beginning.
  if (rolloutName.exec(name)?.[3] !== undefined) return undefined;
  const [, date = "", time = ""] = /^rollout-([\d-]{10})T([\d-]{8})-/.exec(name) ?? [];
  if (thread === undefined) return undefined;
  const ahead = Date.parse(`${date}T${time.replaceAll("-", ":")}Z`) - createdAtOf(thread);
  const offset = Math.round(ahead / quarterMs) * quarterMs;
  return Math.abs(offset) <= maxOffsetMs ? offset : undefined;
}

function localTime(at: number, offset: number): string {
  return new Date(at + offset).toISOString().slice(0, 19).replaceAll(":", "-");
}
