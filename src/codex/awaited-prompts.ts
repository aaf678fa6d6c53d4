import type { ThreadFile } from "./thread-file.ts";

/** Prompts that the child has sent and that no rollout has shown yet, by Codex's id for them. */
export interface AwaitedPrompts {
  readonly size: number;
  /** When the oldest was sent, ms since the epoch. */
  readonly earliest: number | undefined;
  add(clientId: string, at: number): void;
  /** Whether one of them is in this rollout; those that are, are awaited no longer. */
  takeFrom(file: Pick<ThreadFile, "hasPrompt">): boolean;
}

const maxAwaited = 32;

export function awaitPrompts(): AwaitedPrompts {
  const sentAt = new Map<string, number>();
  return {
    get size() {
      return sentAt.size;
    },
    get earliest() {
      return sentAt.size === 0 ? undefined : Math.min(...sentAt.values());
    },
    add(clientId, at) {
      sentAt.set(clientId, at);
      const [oldest] = sentAt.keys();
      if (sentAt.size > maxAwaited && oldest !== undefined) sentAt.delete(oldest);
    },
    takeFrom(file) {
      const found = [...sentAt.keys()].filter((id) => file.hasPrompt(id));
      for (const id of found) sentAt.delete(id);
      return found.length > 0;
    },
  };
}
