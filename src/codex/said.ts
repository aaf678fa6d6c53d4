import type { SessionEvent } from "../session/event.ts";

/** What somebody else (Codex's daemon) says of threads, perhaps before one has a file. */
export interface Said {
  /** `undefined` takes back what was said. */
  set(thread: string, event: SessionEvent | undefined): void;
  /** What was said stands in no file: tells it to one that was opened, or began anew. */
  repeat(file: { readonly thread: string; report(event: SessionEvent): void }): void;
  readonly threads: readonly string[];
}

const maxThreads = 256;

export function newSaid(): Said {
  const events = new Map<string, SessionEvent>();
  return {
    set(thread, event) {
      // The newest last, so that the oldest makes room.
      events.delete(thread);
      if (event !== undefined) events.set(thread, event);
      const [oldest] = events.keys();
      if (events.size > maxThreads && oldest !== undefined) events.delete(oldest);
    },
    repeat(file) {
      const said = events.get(file.thread);
      if (said !== undefined) file.report(said);
    },
    get threads() {
      return [...events.keys()];
    },
  };
}
