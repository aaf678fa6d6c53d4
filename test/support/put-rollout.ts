import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { uuid7 } from "../codex/simulated-codex.ts";

const cases = join(import.meta.dir, "../fixtures/cases");

export interface Put {
  /** How long before `now` its last line was written, in s. */
  readonly ago?: number;
  /** The thread's id; one made for its beginning where absent. */
  readonly id?: string;
  /** The file's name, where it is not that of the thread's first file. */
  readonly name?: string;
  /** Days ago of the folder, where that is not the day of its beginning. */
  readonly daysAgo?: number;
  /** Only so many lines. */
  readonly lines?: number;
}

/** The lines of a case's file. */
export function caseLines(file: string): readonly string[] {
  const bytes = readFileSync(join(cases, file));
  const text = file.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
  return text.split("\n").filter((line) => line !== "");
}

/** Puts a case into a home's sessions, moved in time; returns the thread's id. */
export function putCase(home: string, file: string, now: number, put: Put = {}): string {
  const lines = caseLines(file).slice(0, put.lines);
  const times = lines.flatMap((line) => timesIn(line.slice(0, 4000)));
  const end = now - (put.ago ?? 2) * 1000;
  const shift = times.length === 0 ? 0 : end - Math.max(...times);
  const begun = times.length === 0 ? end : (times[0] ?? 0) + shift;
  const id = put.id ?? uuid7(Math.floor(begun));
  const old = /"id": ?"([^"]+)"/.exec(lines[0] ?? "")?.[1] ?? "";
  const moved = lines.map((line) => movedBy(line, shift).replaceAll(`"${old}"`, `"${id}"`));
  const name = put.name ?? `rollout-${local(begun)}-${id}.jsonl`;
  const day = local(put.daysAgo === undefined ? begun : now - put.daysAgo * 86_400_000);
  const folder = join(home, "sessions", ...day.slice(0, 10).split("-"));
  const path = join(folder, basename(name));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${moved.join("\n")}\n`);
  utimesSync(path, new Date(end), new Date(end));
  return id;
}

const timestamp = /"timestamp": ?"(\d{4}-[^"]+)"/g;

function timesIn(line: string): readonly number[] {
  return [...line.matchAll(timestamp)].map(([, time = ""]) => Date.parse(time));
}

function movedBy(line: string, ms: number): string {
  const seconds = Math.round(ms / 1000);
  return line
    .replaceAll(
      timestamp,
      (_, time: string) => `"timestamp":"${new Date(Date.parse(time) + ms).toISOString()}"`,
    )
    .replaceAll(
      /"(resets_at|started_at|completed_at)": ?(\d{9,11})/g,
      (_, key: string, at: string) => `"${key}":${Number(at) + seconds}`,
    );
}

/** As Codex names files: local time, to the second. */
export function local(at: number): string {
  const offset = -new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at + offset).toISOString().slice(0, 19).replaceAll(":", "-");
}
