import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRolloutReader } from "../../src/codex/events.ts";
import { readProgramStatus } from "../../src/codex/program-status.ts";
import { readSessionLogLine } from "../../src/codex/session-log.ts";
import { activityDueAt, activityOf } from "../../src/session/activity-of.ts";
import type { SessionEvent } from "../../src/session/event.ts";
import { newSession, reduce, switchThread, type Session } from "../../src/session/session.ts";

export const rollouts = join(import.meta.dir, "../fixtures/rollouts");

/** Rollouts of the pinned release stand with what it wrote to its terminal, compressed. */
export const recorded = join(import.meta.dir, "../fixtures/recordings");
/** What their folders are named by, and the release. */
export const pinned = { prefix: "v171_", version: "0.171.0" } as const;

export function bytesOf(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

export function linesOf(path: string): readonly string[] {
  return new TextDecoder()
    .decode(bytesOf(path))
    .split("\n")
    .filter((line) => line !== "");
}

export function rolloutsOf(recording: string): readonly string[] {
  const folder = join(recording.startsWith(pinned.prefix) ? recorded : rollouts, recording);
  return readdirSync(folder)
    .filter((name) => name.startsWith("rollout-"))
    .toSorted()
    .map((name) => join(folder, name));
}

export function eventsOfFile(path: string): readonly SessionEvent[] {
  const reader = createRolloutReader();
  const encoder = new TextEncoder();
  return linesOf(path).flatMap((line) => [...reader.read(encoder.encode(line))]);
}

/** The threads that the child showed: a sub-agent's file is not one of them. */
export function shownThreads(recording: string): readonly (readonly SessionEvent[])[] {
  const events = rolloutsOf(recording).map(eventsOfFile);
  return events.filter(
    ([first]) => first?.type === "sessionStarted" && first.facts.parent === undefined,
  );
}

/** What the child wrote into its session log, if the recording has one. */
export function sessionLogEvents(recording: string): readonly SessionEvent[] {
  const path = join(rollouts, recording, "tui-session-log.jsonl");
  if (!existsSync(path)) return [];
  return linesOf(path).flatMap((line): SessionEvent[] => {
    const entry = readSessionLogLine(new TextEncoder().encode(line));
    return entry?.type === "reset" ? [{ type: "screenReset", at: entry.at }] : [];
  });
}

/** What the child said through its terminal, in a recording. */
export function terminalEvents(recording: string): readonly SessionEvent[] {
  return linesOf(join(rollouts, recording, "terminal.jsonl")).flatMap((line): SessionEvent[] => {
    const { at, status }: { at: number; status?: string } = JSON.parse(line);
    if (status === undefined) return [{ type: "childEnded", at }];
    const read = readProgramStatus(status);
    return read === undefined ? [] : [{ type: "statusReported", at, ...read }];
  });
}

export function fold(events: Iterable<SessionEvent>): Session {
  let session = newSession;
  for (const event of events) session = reduce(session, event);
  return session;
}

/** Every activity somebody who looks all the time would have seen, told in words. */
export function timeline(files: readonly (readonly SessionEvent[])[]): readonly string[] {
  const owned = files.flatMap((events, file) => events.map((event) => ({ file, event })));
  const ordered = owned.toSorted((one, other) => one.event.at - other.event.at);
  const seen: string[] = [];
  const look = (session: Session, now: number): void => {
    const { kind, target } = activityOf(session, now);
    const words = target === undefined ? kind : `${kind} ${target}`;
    if (seen.at(-1) !== words) seen.push(words);
  };
  let session = newSession;
  let shown = 1;
  let now = 0;
  for (const { file, event } of ordered) {
    for (;;) {
      const due = activityDueAt(session, now);
      if (due === undefined || due >= event.at) break;
      now = due;
      look(session, now);
    }
    // File 0 is the terminal; a later rollout is a thread the child shows next.
    if (file > shown) {
      session = switchThread(session, newSession);
      shown = file;
    }
    session = reduce(session, event);
    now = Math.max(now, event.at);
    look(session, now);
  }
  return seen;
}
