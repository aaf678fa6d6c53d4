import type { RolloutPlace } from "./locate-rollout.ts";

/** Files that need not be opened again. */
export interface PassedOver {
  /** What was over when it was last looked at, until it is written to. */
  over(place: RolloutPlace): void;
  /** One of Codex's own threads, which stays that. */
  internal(path: string): void;
  has(place: RolloutPlace): boolean;
  isInternal(path: string): boolean;
}

const max = 1024;

/** Forgotten ones are opened once more, nothing worse. */
export function newPassedOver(): PassedOver {
  const writtenAt = new Map<string, number>();
  const internal = new Set<string>();
  return {
    over({ path, modifiedAt }) {
      if (writtenAt.size >= max) writtenAt.clear();
      writtenAt.set(path, modifiedAt);
    },
    internal(path) {
      if (internal.size >= max) internal.clear();
      internal.add(path);
    },
    has: ({ path, modifiedAt }) => writtenAt.get(path) === modifiedAt,
    isInternal: (path) => internal.has(path),
  };
}
