import type { Disk } from "./disk.ts";
import { parseObject, textAt } from "./json.ts";

/** The titles of a home's threads: given by the model after the first prompt, or by `/rename`. */
export interface ThreadNames extends Disposable {
  /** Reads what was added; resolves when it has been read. Never rejects. */
  look(): Promise<void>;
  /** The newest name of a thread. Untrusted: it is made of what the person wrote. */
  of(thread: string): string | undefined;
}

/** Codex appends a line to it whenever a thread gets a name. */
const indexName = "session_index.jsonl";
/** Some 8 000 names; older ones belong to sessions that nobody is likely to resume. */
const last = 1_048_576;
const maxNames = 8192;
const maxName = 256;
const utf8 = new TextDecoder();

/** Follows the index from its last megabyte on, whether or not it is there yet. */
export function openThreadNames(disk: Disk, home: string, onChange: () => void): ThreadNames {
  const names = new Map<string, string>();
  const file = disk.follow(
    `${home}/${indexName}`,
    { last },
    (line, whole) => {
      const entry = whole ? parseObject(utf8.decode(line)) : undefined;
      const thread = textAt(entry, "id");
      const name = textAt(entry, "thread_name")?.slice(0, maxName).trim();
      if (thread === undefined || name === undefined) return;
      // The newest last, so that the oldest makes room.
      names.delete(thread);
      if (name !== "") names.set(thread, name);
      const [oldest] = names.keys();
      if (names.size > maxNames && oldest !== undefined) names.delete(oldest);
      onChange();
    },
    (change) => {
      if (change === "truncated" || change === "replaced") names.clear();
    },
  );
  return {
    look: () => file.look(),
    of: (thread) => names.get(thread),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}
