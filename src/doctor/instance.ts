import type { RunningState, Running } from "../instance/inspect.ts";
import type { FoundMetadata } from "../instance/metadata.ts";
import { type Check, counted, fail, ok, warn } from "./check.ts";

export interface InstanceFacts {
  readonly state: RunningState;
  readonly metadata: FoundMetadata;
  /** The metadata's process lives, though it publishes nothing. */
  readonly metadataLives: boolean;
  /** Control sockets that nobody listens at, half-written files. */
  readonly leftovers: readonly string[];
  /** Why a running publisher gives no answer. */
  readonly silent: string | undefined;
  /** Our own. */
  readonly version: string;
}

const name = "instance";

/** Who publishes, do lock and metadata say the same, and what did somebody leave behind? */
export function checkInstance(facts: InstanceFacts): readonly Check[] {
  const { state } = facts;
  return [
    state.kind === "running" ? running(state, facts) : nobody(state.problem),
    leftovers(facts),
  ];
}

function nobody(problem: string | undefined): Check {
  if (problem === undefined) return ok(name, "no publisher runs; the next cdp will be it");
  return noLock(problem);
}

/** Locks cannot be had, for this reason, and what to do. */
export function noLock(problem: string): Check {
  const line = `${problem}, so nothing is published`;
  return fail(
    name,
    line,
    "Put CODEX_HOME on a local disk, and see that this file is yours to write.",
  );
}

function running(state: Running, { silent, version }: InstanceFacts): Check {
  const pid =
    state.pid === undefined ? "a process that the system does not name" : `pid ${state.pid}`;
  if (state.program === "earlier") {
    const line = `the earlier tool (${pid}) holds the lock: it publishes, and cdp waits`;
    const fix = state.pid === undefined ? "" : `, or \`kill ${state.pid}\``;
    return warn(name, line, `End it with q in its window${fix}; cdp never does.`);
  }
  if (state.stopped) {
    const fix = `Continue it with \`fg\`${state.pid === undefined ? "" : ` or \`kill -CONT ${state.pid}\``}.`;
    return warn(name, `the publisher (${pid}) is stopped, so the card stands still`, fix);
  }
  if (state.program === "unknown") {
    const fix = "End that process if it stays so; the next cdp sets it right.";
    return warn(
      name,
      `a publisher (${pid}) holds the lock, but ${state.why ?? "says nothing"}`,
      fix,
    );
  }
  const who = `${state.mode ?? "publisher"}, ${pid}`;
  if (silent !== undefined) {
    return warn(
      name,
      `${who}, does not answer: ${silent}`,
      "End it if it stays so, and start it anew.",
    );
  }
  if (state.version !== undefined && state.version !== version) {
    const line = `${who}, is version ${state.version}; this is ${version}`;
    return warn(name, line, "Start it anew to have this version publish.");
  }
  return ok(name, `${who}, publishes`);
}

function leftovers({ state, metadata, metadataLives, leftovers: paths }: InstanceFacts): Check {
  const dead = state.kind === "running" ? undefined : deadMetadata(metadata, metadataLives);
  const all = [...(dead === undefined ? [] : [dead]), ...paths];
  if (all.length === 0) return ok("leftovers", "none");
  const more = all.length > shownAtMost ? ` and ${counted(all.length - shownAtMost, "other")}` : "";
  const line = `left by a cdp that was killed: ${all.slice(0, shownAtMost).join(", ")}${more}`;
  return warn("leftovers", line, "Nothing to do: the next cdp clears them away.");
}

const shownAtMost = 3;

function deadMetadata(found: FoundMetadata, lives: boolean): string | undefined {
  if (found.kind === "none") return undefined;
  if (found.kind === "unreadable") return found.why;
  const { pid } = found.metadata;
  return `metadata of process ${pid}, ${lives ? "which publishes nothing" : "which is gone"}`;
}
