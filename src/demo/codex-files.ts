import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../codex/json.ts";
import { demoMark } from "./home.ts";

/** What the placeholders of a recording stand for in one run. */
export interface Filling {
  readonly thread: string;
  readonly turn: string;
  readonly client: string;
  readonly cwd: string;
  /** When the thread was created, ms since the epoch. */
  readonly created: number;
}

/** The two files a Codex writes as it goes, in the order and the manner of the real one. */
export interface CodexFiles extends Disposable {
  /** Appends rollout items, all in one write; the first creates the file. */
  rollout(items: readonly Json[], now: number): void;
  sessionLog(entry: Json, now: number): void;
}

/**
 * Opens the stand-in's files: the rollout below `$CODEX_HOME/sessions`, only where `CODEX_HOME` is
 * a home that the demo made; the session log where the two variables ask for one.
 */
export function openCodexFiles(
  env: Readonly<Record<string, string | undefined>>,
  filling: Filling,
): CodexFiles {
  const home = env["CODEX_HOME"];
  const ours = home !== undefined && existsSync(join(home, demoMark)) ? home : undefined;
  const log = openSessionLog(env);
  let rollout: number | undefined;
  let ordinal = 0;
  if (ours !== undefined) {
    const folder = join(ours, "tui-thread-reference-capabilities");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, filling.thread), "");
  }
  return {
    rollout(items, now) {
      if (ours === undefined) return;
      rollout ??= openRollout(ours, filling);
      const timestamp = new Date(now).toISOString();
      const lines = items.map((item) => {
        const { type, payload } = item;
        const filled = fillPlaceholders(payload, filling, now);
        return `${JSON.stringify({ timestamp, ordinal: ordinal++, type, payload: filled })}\n`;
      });
      writeSync(rollout, lines.join(""));
    },
    sessionLog(entry, now) {
      if (log === undefined) return;
      const filled = fillPlaceholders(entry, filling, now);
      writeSync(log, `${JSON.stringify(Object.assign({ ts: isoTime(now) }, filled))}\n`);
    },
    [Symbol.dispose]: () => {
      for (const fd of [rollout, log]) if (fd !== undefined) closeSync(fd);
    },
  };
}

/**
 * A copy with the placeholders filled: `$thread`, `$turn`, `$client`, `$created` and `$cwd`
 * anywhere in a string; a string that is `$ms` or `$seconds` (now, with an offset such as
 * `$seconds-26`) becomes a number.
 */
export function fillPlaceholders(value: unknown, filling: Filling, now: number): unknown {
  if (typeof value === "string") return fillText(value, filling, now);
  if (Array.isArray(value)) return value.map((entry) => fillPlaceholders(entry, filling, now));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      fillNames(key, filling),
      fillPlaceholders(entry, filling, now),
    ]),
  );
}

function fillText(text: string, filling: Filling, now: number): string | number {
  const time = /^\$(ms|seconds)([+-]\d{1,12})?$/.exec(text);
  if (time === null) return fillNames(text, filling);
  return (time[1] === "ms" ? now : Math.floor(now / 1000)) + Number(time[2] ?? 0);
}

function fillNames(text: string, { thread, turn, client, cwd, created }: Filling): string {
  return text
    .replaceAll("$thread", thread)
    .replaceAll("$turn", turn)
    .replaceAll("$client", client)
    .replaceAll("$created", isoTime(created))
    .replaceAll("$cwd", () => cwd);
}

/** Folders and name carry the local time of the thread's creation. */
function openRollout(home: string, { thread, created }: Filling): number {
  const local = new Date(created - new Date(created).getTimezoneOffset() * 60_000);
  const time = local.toISOString().slice(0, 19).replaceAll(":", "-");
  const folder = join(home, "sessions", ...time.slice(0, 10).split("-"));
  mkdirSync(folder, { recursive: true });
  return openSync(join(folder, `rollout-${time}-${thread}.jsonl`), "a", 0o644);
}

/** An existing file keeps its inode and loses its content; without one the session is not logged. */
function openSessionLog(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const path = env["CODEX_TUI_SESSION_LOG_PATH"];
  if (env["CODEX_TUI_RECORD_SESSION"] !== "1" || path === undefined || path === "")
    return undefined;
  try {
    return openSync(path, "w", 0o600);
  } catch {
    return undefined; // Lost: a folder that has gone meanwhile, as Codex tolerates it.
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
