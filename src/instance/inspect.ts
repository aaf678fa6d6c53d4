import type { Clock } from "../lib/clock.ts";
import { seeProcess, type ProcessReader } from "./identity.ts";
import { lockHolder, lockPath, writtenPid, type Holder } from "./lock.ts";
import {
  readMetadata,
  type ControlAddress,
  type FoundMetadata,
  type Metadata,
  type Mode,
} from "./metadata.ts";

/** Is there a publisher for this home? */
export type RunningState =
  /** Nobody holds the lock. `problem`: why nobody could, where the lock itself is at fault. */
  { readonly kind: "notRunning"; readonly problem: string | undefined } | Running;

/** Somebody holds the lock. Whatever is not certain is undefined, and `why` says why. */
export interface Running {
  readonly kind: "running";
  readonly pid: number | undefined;
  readonly why: string | undefined;
  /**
   * `instance`: the metadata is that of the holder, by pid and identity. `earlier`: so it seems, but
   * without an identity, as the earlier Rust tool writes it. `unknown`: the metadata says nothing.
   */
  readonly program: "instance" | "earlier" | "unknown";
  readonly mode: Mode | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string | undefined;
  readonly version: string | undefined;
  readonly exePath: string | undefined;
  /** For `program: "instance"` only: a process to be signalled must still have it. */
  readonly identity: string | undefined;
  readonly control: ControlAddress | undefined;
  /** The process is stopped by a signal: it answers nobody until it is continued. */
  readonly stopped: boolean;
}

/** What is looked at. */
export interface InspectedPlace {
  holder(): Holder;
  metadata(): FoundMetadata;
  /** The pid in the lock file. */
  written(): number | undefined;
  readonly process: ProcessReader;
}

/** How long a change of publishers may take before what it leaves on disk is believed, in ms. */
const settleMs = 150;
const stepMs = 4;

/**
 * Looks whether a publisher runs, without taking the lock and without touching a file. While one
 * publisher follows another the files lag behind the lock: then it looks again, for 150 ms at most: on
 * a busy machine the one that follows may wait that long for its turn.
 */
export function inspect(home: string, clock: Clock): Promise<RunningState> {
  return inspectPlace(placeOf(home), clock);
}

/** The one look that `inspect` repeats. */
export function look(place: InspectedPlace): RunningState {
  const holder = place.holder();
  if (holder.kind === "held") return identify(holder.pid, place);
  return { kind: "notRunning", problem: holder.kind === "unknown" ? holder.reason : undefined };
}

export function placeOf(home: string): InspectedPlace {
  const path = lockPath(home);
  return {
    holder: () => lockHolder(path),
    metadata: () => readMetadata(home),
    written: () => writtenPid(path),
    process: seeProcess,
  };
}

/** As `inspect`, of any place. */
export async function inspectPlace(place: InspectedPlace, clock: Clock): Promise<RunningState> {
  const end = clock.monotonic() + settleMs;
  for (;;) {
    const seen = look(place);
    if (isSettled(seen, place) || clock.monotonic() >= end) return seen;
    await new Promise<void>((resolve) => void clock.after(stepMs, resolve));
  }
}

/** A file of a publisher without a publisher is what stays for a moment between two of them. */
function isSettled(seen: RunningState, place: InspectedPlace): boolean {
  if (seen.kind === "running") return seen.program !== "unknown";
  return seen.problem !== undefined || place.metadata().kind === "none";
}

function identify(kernelPid: number | undefined, place: InspectedPlace): Running {
  const found = place.metadata();
  const seen =
    found.kind === "found"
      ? compare(kernelPid, found.metadata, place)
      : unknown(
          kernelPid,
          found.kind === "none" ? "it has written nothing about itself" : found.why,
        );
  if (seen.program !== "unknown" || kernelPid === undefined) return seen;
  return { ...seen, stopped: place.process(kernelPid)?.stopped === true };
}

function compare(
  kernelPid: number | undefined,
  metadata: Metadata,
  place: InspectedPlace,
): Running {
  const { pid, identity } = metadata;
  const holder = kernelPid ?? place.written() ?? pid;
  // @guard instance-holder
  if (holder !== pid) {
    return unknown(kernelPid, `its metadata is that of another process, ${pid}`);
  }
  const seen = place.process(pid);
  // @guard instance-gone
  if (seen === undefined) {
    return unknown(kernelPid, `its metadata names process ${pid}, which is gone`);
  }
  // @guard instance-identity
  if (identity !== undefined && identity !== seen.identity) {
    return unknown(kernelPid, `its metadata names process ${pid}, which is another one by now`);
  }
  return {
    ...metadata,
    kind: "running",
    why: identity === undefined ? "its metadata has no identity of the process" : undefined,
    program: identity === undefined ? "earlier" : "instance",
    stopped: seen.stopped,
  };
}

function unknown(pid: number | undefined, why: string): Running {
  return {
    kind: "running",
    pid,
    why,
    program: "unknown",
    mode: undefined,
    startedAt: undefined,
    version: undefined,
    exePath: undefined,
    identity: undefined,
    control: undefined,
    stopped: false,
  };
}
