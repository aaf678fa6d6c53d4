import { Glob } from "bun";
import { join } from "node:path";
import { caseLines } from "../support/put-rollout.ts";
import { threadOfRollout } from "../../src/codex/thread-files.ts";
import { linesOf, pinned, recorded, rollouts } from "./timeline.ts";

/** A rollout among the fixtures. */
export interface FixtureFile {
  readonly name: string;
  /** By its file's name; of a case by its head. */
  readonly thread: string | undefined;
  readonly lines: readonly string[];
}

const cases = join(import.meta.dir, "../fixtures/cases");

/** Every rollout there is: recordings of the real Codex, the reported cases, those made by hand. */
export const fixtureFiles: readonly FixtureFile[] = [
  ...[...new Glob("*/*.jsonl*").scanSync(cases)].map((name) => fileOf(name, caseLines(name))),
  ...[...new Glob("*/rollout-*.jsonl").scanSync(rollouts)].map((name) =>
    fileOf(name, linesOf(join(rollouts, name))),
  ),
  ...[...new Glob(`${pinned.prefix}*/rollout-*.jsonl.gz`).scanSync(recorded)].map((name) =>
    fileOf(name, linesOf(join(recorded, name))),
  ),
].toSorted((a, b) => (a.name < b.name ? -1 : 1));

function fileOf(name: string, lines: readonly string[]): FixtureFile {
  const byName = threadOfRollout(name.slice(name.lastIndexOf("/") + 1).replace(/\.gz$/, ""));
  const head = /"type":"session_meta","payload":\{.*?"id":"([^"]+)"/.exec(lines[0] ?? "");
  return { name, thread: byName ?? head?.[1], lines };
}
