import type { SessionFacts } from "../session/event.ts";

/** What is known of a child whose terminal writes no session log for us. */
export interface ChildEvidence {
  readonly surface: "tui" | "exec";
  readonly cwd: string;
  readonly spawnedAt: number;
  /** When the person pressed Enter or the child changed its status, ms since the epoch. */
  readonly pokes: readonly number[];
}

/** What is known of a thread that may be the child's. */
export interface ThreadEvidence {
  readonly facts: SessionFacts | undefined;
  readonly turnAt: number | undefined;
  /** A terminal attached itself to it then; `undefined` too where Codex leaves no such trace. */
  readonly shownAt: number | undefined;
  /** Who holds its writer lock: the child or a process of its, or somebody else. */
  readonly heldBy: "child" | "other" | undefined;
}

const execStartMs = 15_000;
const slackMs = 1000;
/** A turn starts 20 to 125 ms after Enter; a loaded machine takes longer. */
const afterPokeMs = 3000;
const beforePokeMs = 1000;

/**
 * Whether a thread is the child's, as far as can be told without its session log. Exact where the
 * child itself holds the thread's lock; else by folder, time and program, which two terminals that
 * start a turn in the same folder within the same moment defeat.
 */
export function looksLikeOurs(thread: ThreadEvidence, child: ChildEvidence): boolean {
  const { facts } = thread;
  if (facts === undefined || facts.parent !== undefined || facts.internal === true) return false;
  if (thread.heldBy === "child") return true;
  // What a terminal shows may be the daemon's; `exec` runs its thread itself.
  if (thread.heldBy === "other" && child.surface === "exec") return false;
  if (facts.cwd !== child.cwd) return false;
  const isExec = facts.originator === "codex_exec";
  if (isExec !== (child.surface === "exec")) return false;
  const age = (facts.createdAt ?? 0) - child.spawnedAt;
  if (child.surface === "exec") return age >= -slackMs && age <= execStartMs;
  const attached = thread.shownAt !== undefined && thread.shownAt >= child.spawnedAt - slackMs;
  return (age >= -slackMs || attached) && followsPoke(thread.turnAt, child.pokes);
}

function followsPoke(turnAt: number | undefined, pokes: readonly number[]): boolean {
  if (turnAt === undefined) return false;
  return pokes.some((poke) => turnAt >= poke - beforePokeMs && turnAt <= poke + afterPokeMs);
}
