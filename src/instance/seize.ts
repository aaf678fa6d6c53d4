import type { Running } from "./inspect.ts";
import { look } from "./inspect.ts";
import type { Request } from "./request.ts";
import { pace, type Seeker, type Taken } from "./seek.ts";
import { beginning, decide, type Progress, type Step } from "./takeover.ts";

/** What a dashboard may do to the publisher before it. */
export interface Means {
  readonly ask: (holder: Running) => Request;
  /** Signals that process if it still has this identity. */
  readonly signal: (pid: number, identity: string, name: "SIGTERM" | "SIGKILL") => void;
}

/** How long a farewell may take that was said before the lock was free, ms. */
const lastWordsMs = 100;

/**
 * A dashboard's way to the role: takes it from whoever has it, by the rules of `decide`. `"failed"`
 * where it cannot be had, which was said; undefined when this instance leaves.
 */
export async function seize(seeker: Seeker, means: Means): Promise<Taken | "failed" | undefined> {
  const { clock, say } = seeker;
  let progress = beginning(clock.monotonic());
  let request: Request | undefined;
  try {
    while (!seeker.isLeaving()) {
      const attempt = seeker.tryLock();
      if (attempt.kind === "held") {
        // Its last words are on their way, if it had any.
        if (request?.reply === "none") await seeker.pause(lastWordsMs);
        return { lock: attempt.lock, legacy: request?.legacy };
      }
      if (attempt.kind === "unavailable") {
        say({ kind: "off", reason: attempt.reason });
        progress = beginning(clock.monotonic());
        await seeker.pause(pace.off);
        continue;
      }
      const reply = request?.reply ?? "none";
      const decision = decide(progress, look(seeker.place), reply, clock.monotonic());
      const { step } = decision;
      progress = decision.progress;
      if (step.kind === "ask") {
        request?.[Symbol.dispose]();
        request = means.ask(step.holder);
      } else if (step.kind === "fail") {
        say({ kind: "failed", pid: step.pid, reason: step.reason });
        return "failed";
      } else act(step, seeker, means);
      await seeker.pause(restOf(progress, request));
    }
    return undefined;
  } finally {
    request?.[Symbol.dispose]();
  }
}

function act(step: Exclude<Step, { kind: "ask" | "fail" }>, { say }: Seeker, means: Means): void {
  if (step.kind === "wait") say({ kind: "waiting", pid: step.pid, why: step.why });
  if (step.kind === "signal") means.signal(step.pid, step.identity, step.name);
}

/** A wait without an end is cut short by the reply; the lock is free a moment after it. */
function restOf({ phase }: Progress, request: Request | undefined): number {
  return phase === "waiting" && request?.reply !== "bye" ? pace.beside : pace.changing;
}
