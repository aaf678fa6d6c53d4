/**
 * Breaks the lines that guard privacy or trust, one at a time, in a copy of the repository, and runs
 * the tests that concern them. A line whose mutant no test notices is a failure.
 *
 *   bun scripts/mutants.ts                    every guard
 *   bun scripts/mutants.ts --random 10        ten at random; --seed N repeats a choice
 *   bun scripts/mutants.ts peer-uid …         only these
 *
 * Prints `ok` or `FAILED` and the guard, one a line, and ends with `N passed, N failed`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choose } from "./mutants/choose.ts";
import type { Guard } from "./mutants/guard.ts";
import { guards } from "./mutants/guards.ts";
import { findMarkers, mutantOf, placeOf } from "./mutants/markers.ts";
import { Workspace } from "./mutants/workspace.ts";

const root = join(import.meta.dir, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { random: { type: "string" }, seed: { type: "string" } },
});
const unknown = positionals.filter((id) => guards.every((guard) => guard.id !== id));
if (unknown.length > 0) {
  print(`no such guard: ${unknown.join(", ")}`);
  process.exit(2);
}

const chosen = chosenGuards();
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const markers = findMarkers(root);
let failed = 0;
for (const { id, file, line } of markers) {
  if (guards.every((guard) => guard.id !== id)) report(`${file}:${line}: ${id} is in no list`);
}

using workspace = new Workspace(root);
const tests = [...new Set(chosen.flatMap((guard) => guard.tests))];
const unbroken = await workspace.run(tests);
if (unbroken.kind !== "passed") {
  report(`${unbroken.failures[0] ?? "a test file"} ${unbroken.kind} before anything was broken`);
}
for (const guard of unbroken.kind === "passed" ? chosen : []) {
  // oxlint-disable-next-line no-await-in-loop -- the copy has one broken file at a time
  await tryOne(guard);
}
print(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function chosenGuards(): readonly Guard[] {
  if (positionals.length > 0) return guards.filter(({ id }) => positionals.includes(id));
  if (values.random === undefined) return guards;
  const seed = Number(values.seed ?? Math.floor(Math.random() * 4_294_967_296));
  print(`seed ${seed}`);
  return choose(guards, Number(values.random), seed);
}

async function tryOne(guard: Guard): Promise<void> {
  const mutant = mutantOf(guard, markers, textOf);
  if (typeof mutant === "string") return report(mutant);
  const { marker, mutated } = mutant;
  // A file that does not parse fails every test, and so would prove nothing.
  new Bun.Transpiler({ loader: "ts" }).transformSync(mutated);
  const start = performance.now();
  workspace.write(marker.file, mutated);
  const outcome = await workspace.run(guard.tests);
  workspace.write(marker.file, textOf(marker.file));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (outcome.kind !== "passed") {
    const noticedBy = outcome.failures[0] ?? outcome.kind;
    return print(`ok ${guard.id}: ${noticedBy} (${seconds} s)`);
  }
  report(`${guard.id} at ${placeOf(marker)}: no test fails when ${guard.from} is ${guard.to}`);
}

function report(problem: string): void {
  failed += 1;
  print(`FAILED ${problem}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
