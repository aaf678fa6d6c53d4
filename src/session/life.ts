import type { Session } from "./session.ts";

/** Whether a process has the session open, as far as can be told. */
export type Holder = "held" | "gone" | "unknown";

/** How long a session of which nothing else is known may be silent, by what is open; ms. */
const restingMs = 600_000;
const thinkingMs = 1_800_000;
const waitingMs = 43_200_000;

/**
 * Whether a session is over: its process is gone or, where nobody can tell, it has been silent for
 * longer than what is open explains. A tool may run and an approval wait for hours, a model thinks
 * for minutes; a finished or aborted turn leaves a session that soon nobody looks at any more.
 *
 * @param silentMs how long nothing was written
 */
export function isOver(session: Session, holder: Holder, silentMs: number): boolean {
  if (session.endedAt !== undefined || holder === "gone") return true;
  return holder === "unknown" && silentMs > patienceOf(session);
}

function patienceOf(session: Session): number {
  if (session.calls.length > 0 || session.status?.state === "blocked") return waitingMs;
  const { turn } = session;
  const works =
    (turn !== undefined && turn.reply === undefined) || session.compactingSince !== undefined;
  return works || session.status?.state === "working" ? thinkingMs : restingMs;
}
