import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Disk } from "./disk.ts";
import { openThreadFile, type ThreadFile, type ThreadFileListener } from "./thread-file.ts";

/** The rollouts that may be a child's, each followed; sub-agents' left out. */
export interface FollowedThreads extends Disposable {
  /** Follows a rollout, if it is not being followed; resolves with it once it has been read. */
  open(thread: string, path: string): Promise<ThreadFile | undefined>;
  get(thread: string): ThreadFile | undefined;
  all(): readonly ThreadFile[];
  /** Whether the thread is followed, is being opened, or was left out. */
  knows(thread: string): boolean;
}

const maxFiles = 12;
const maxPassedOver = 1024;

/** @param isKept whether a file is in use, so that the oldest other one makes room */
export function openFollowedThreads(
  disk: Disk,
  log: Log,
  listener: ThreadFileListener,
  isKept: (file: ThreadFile) => boolean,
): FollowedThreads {
  const files = new Map<string, ThreadFile>();
  const passedOver = new Set<string>();
  let disposed = false;

  function makeRoom(): void {
    const oldest = [...files.values()].find((file) => !isKept(file));
    if (files.size <= maxFiles || oldest === undefined) return;
    oldest[Symbol.dispose]();
    files.delete(oldest.thread);
  }

  const knows = (thread: string): boolean => files.has(thread) || passedOver.has(thread);
  return {
    knows,
    get: (thread) => files.get(thread),
    all: () => [...files.values()],
    async open(thread, path) {
      if (disposed || knows(thread)) return undefined;
      passedOver.add(thread);
      try {
        const file = await openThreadFile(disk, thread, path, listener);
        if (disposed || file.session.facts?.parent !== undefined) {
          file[Symbol.dispose]();
          const [oldest] = passedOver;
          if (passedOver.size > maxPassedOver && oldest !== undefined) passedOver.delete(oldest);
          return undefined;
        }
        passedOver.delete(thread);
        files.set(thread, file);
        makeRoom();
        return file;
      } catch (thrown) {
        log.debug("codex", messageOf(thrown));
        return undefined;
      }
    },
    [Symbol.dispose]: () => {
      disposed = true;
      for (const file of files.values()) file[Symbol.dispose]();
      files.clear();
    },
  };
}
