import type { Running, RunningState } from "./inspect.ts";

/** Whether an asked publisher has answered: `gone` hung up without a word. */
export type Reply = "none" | "bye" | "gone";

/** How far a takeover has come. `holder` is the process it is about, `since` when the phase began. */
export type Progress =
  | { readonly phase: "looking"; readonly holder: string; readonly since: number }
  | { readonly phase: "asking"; readonly holder: string; readonly since: number }
  | { readonly phase: "waiting"; readonly holder: string; readonly since: number }
  | { readonly phase: "terminating"; readonly holder: string; readonly since: number }
  | { readonly phase: "killing"; readonly holder: string; readonly since: number }
  | { readonly phase: "failed"; readonly holder: string; readonly since: number };

/** What to do now. A signal goes only to a process that still has this identity. */
export type Step =
  | { readonly kind: "none" }
  | { readonly kind: "ask"; readonly holder: Running }
  | {
      readonly kind: "signal";
      readonly name: "SIGTERM" | "SIGKILL";
      readonly pid: number;
      readonly identity: string;
    }
  /** It will take as long as it takes; to be shown. */
  | { readonly kind: "wait"; readonly pid: number | undefined; readonly why: string }
  | { readonly kind: "fail"; readonly pid: number | undefined; readonly reason: string };

export interface Decision {
  readonly progress: Progress;
  readonly step: Step;
}

/** How long a publisher may take for its farewell, and to end after TERM and after KILL, ms. */
export const patience = { asking: 2000, terminating: 4000, killing: 3000, looking: 2000 } as const;

export const beginning = (now: number): Progress => ({ phase: "looking", holder: "", since: now });

/**
 * The next step of a dashboard (with or without a screen) towards the role of the publisher, called
 * again and again while the lock cannot be had. Asks first; TERM and KILL only for another dashboard
 * that is proved to hold the lock, runs, and does not answer. A wrapper, a stopped process and a
 * program that is not ours are never signalled.
 *
 * @param reply of the process that the last `ask` went to
 * @param now monotonic ms
 */
export function decide(
  progress: Progress,
  seen: RunningState,
  reply: Reply,
  now: number,
): Decision {
  if (seen.kind === "notRunning") return { progress: beginning(now), step: { kind: "none" } };
  const holder = `${seen.pid} ${seen.program} ${seen.identity}`;
  const current: Progress =
    progress.holder === holder ? progress : { phase: "looking", holder, since: now };
  if (seen.program === "earlier") return stop(current, seen, `${earlier(seen)}; end it first`);
  if (seen.program === "unknown") return stranger(current, seen, now);
  return known(current, seen, reply, now);
}

/** What to tell of a running program that is not ours and has no ear. */
export function earlier({ pid, exePath }: Running): string {
  const name = exePath === undefined || exePath === "" ? "" : ` (${exePath})`;
  return `an earlier codex-discord-presence, process ${pid}${name}, publishes already`;
}

/** A publisher that starts says nothing about itself for a moment, so it is given one. */
function stranger(progress: Progress, seen: Running, now: number): Decision {
  if (seen.stopped && progress.phase !== "waiting") return wait(progress, seen, "is stopped", now);
  if (!seen.stopped && progress.phase === "waiting") {
    return enter("looking", progress, now, { kind: "none" });
  }
  const isOver = !seen.stopped && now - progress.since >= patience.looking;
  if (!isOver) return { progress, step: { kind: "none" } };
  const who = seen.pid === undefined ? "a process that cannot be named" : `process ${seen.pid}`;
  const look = seen.pid === undefined ? "end it" : `look at it with: ps -fp ${seen.pid}`;
  return stop(progress, seen, `${who} holds the lock, but ${seen.why ?? "says nothing"}; ${look}`);
}

function known(progress: Progress, seen: Running, reply: Reply, now: number): Decision {
  const over = (phase: keyof typeof patience) => now - progress.since >= patience[phase];
  const stay: Decision = { progress, step: { kind: "none" } };
  switch (progress.phase) {
    case "looking":
      return enter("asking", progress, now, { kind: "ask", holder: seen });
    case "asking":
      if (seen.stopped) return wait(progress, seen, "is stopped", now);
      // A dead ear and a hung-up one are no different from one that is silent: it has its 2 s.
      if (!over("asking")) break;
      if (!isPatient(seen)) return enter("terminating", progress, now, signal("SIGTERM", seen));
      return wait(progress, seen, reply === "bye" ? "is slow to end" : "does not answer", now);
    case "waiting":
      if (seen.stopped || (isPatient(seen) && reply !== "gone")) break;
      // Continued, or its ear was lost: it gets a fresh 2 s, and is asked anew if it hung up.
      if (reply === "gone")
        return { ...stay, progress: { ...progress, phase: "looking", since: now } };
      return enter("asking", progress, now, { kind: "none" });
    case "terminating":
      if (!over("terminating")) break;
      return enter("killing", progress, now, signal("SIGKILL", seen));
    case "killing":
      if (!over("killing")) break;
      return stop(progress, seen, `process ${seen.pid} cannot be ended; end it by hand`);
    case "failed":
  }
  return stay;
}

/** A wrapper has a Codex beneath it, so it is waited for however long it takes. */
function isPatient({ mode }: Running): boolean {
  return mode !== "dashboard" && mode !== "headless";
}

function signal(name: "SIGTERM" | "SIGKILL", { pid, identity }: Running): Step {
  if (pid === undefined || identity === undefined) return { kind: "none" };
  return { kind: "signal", name, pid, identity };
}

function wait(progress: Progress, seen: Running, what: string, now: number): Decision {
  const why = `process ${seen.pid} holds the role but ${what}`;
  return enter("waiting", progress, now, { kind: "wait", pid: seen.pid, why });
}

function enter(phase: Progress["phase"], before: Progress, since: number, step: Step): Decision {
  return { progress: { phase, holder: before.holder, since }, step };
}

function stop(progress: Progress, { pid }: Running, reason: string): Decision {
  return enter("failed", progress, progress.since, { kind: "fail", pid, reason });
}
