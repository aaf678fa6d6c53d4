import { closeSync, constants, existsSync, ftruncateSync, mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../codex/json.ts";
import { openPrivate } from "../lib/private-file.ts";
import { demoMark } from "./home.ts";

/** What the placeholders of a recording stand for in one run. */
export interface Filling {
  readonly thread: string;
  readonly turn: string;
  readonly client: string;
  readonly cwd: string;
  /** When the thread was created, as Codex writes it: ISO 8601 in UTC. */
  readonly created: string;
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
  return {
    rollout(items, now) {
      if (ours === undefined) return;
      rollout ??= openRollout(ours, filling);
      const timestamp = new Date(now).toISOString();
      const lines = items.map((item) => {
        const { type, payload } = item;
        const line = JSON.stringify({ timestamp, ordinal: ordinal++, type, payload });
        return `${fillPlaceholders(line, filling, now)}\n`;
      });
      writeSync(rollout, lines.join(""));
    },
    sessionLog(entry, now) {
      if (log === undefined) return;
      const line = JSON.stringify({ ts: new Date(now).toISOString(), ...entry });
      writeSync(log, `${fillPlaceholders(line, filling, now)}\n`);
    },
    [Symbol.dispose]: () => {
      for (const fd of [rollout, log]) if (fd !== undefined) closeSync(fd);
    },
  };
}

/**
 * `json` with its placeholders filled: `$thread`, `$turn`, `$client`, `$created` and `$cwd` within
 * strings, and whole strings `$ms` or `$seconds` (now, with an offset such as `$seconds-26`) by
 * numbers.
 */
export function fillPlaceholders(json: string, filling: Filling, now: number): string {
  const named = json.replaceAll(/\$(thread|turn|client|created|cwd)\b/g, (whole, name: string) => {
    const value = Object.entries(filling).find(([key]) => key === name)?.[1] ?? whole;
    return JSON.stringify(value).slice(1, -1);
  });
  return named.replaceAll(/"\$(ms|seconds)([+-]\d{1,12})?"/g, (_, unit: string, offset = "0") =>
    String((unit === "ms" ? now : Math.floor(now / 1000)) + Number(offset)),
  );
}

/** Folders and name carry the local time of the thread's creation. */
function openRollout(home: string, { thread, created }: Filling): number {
  const utc = new Date(created);
  const local = new Date(utc.getTime() - utc.getTimezoneOffset() * 60_000);
  const time = local.toISOString().slice(0, 19).replaceAll(":", "-");
  const folder = join(home, "sessions", ...time.slice(0, 10).split("-"));
  mkdirSync(folder, { recursive: true });
  const { O_WRONLY, O_APPEND, O_CREAT } = constants;
  return openPrivate(
    join(folder, `rollout-${time}-${thread}.jsonl`),
    O_WRONLY | O_APPEND | O_CREAT,
  );
}

/** An existing file keeps its inode and loses its content; without one the session is not logged. */
function openSessionLog(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const path = env["CODEX_TUI_SESSION_LOG_PATH"];
  if (env["CODEX_TUI_RECORD_SESSION"] !== "1" || path === undefined || path === "")
    return undefined;
  try {
    const fd = openPrivate(path, constants.O_WRONLY | constants.O_CREAT);
    ftruncateSync(fd);
    return fd;
  } catch {
    return undefined; // Lost: a folder that has gone meanwhile, as Codex tolerates it.
  }
}
