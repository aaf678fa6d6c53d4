/**
 * Starts, installs and verifies what `npm run release` has made: `npm run release:check`.
 *
 * Every program that can be started on this machine is, as it was shipped: by itself, under qemu or
 * under wine. Prints a table. Exit status 1 when anything failed, 3 when something that should have
 * run here could not.
 *
 *   npm run release:check [-- --native]     with `--native` no emulator is missed, and npm, install.sh
 *                                           and Debian's packages are left to the machine that built
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkDebian } from "./check/debian.ts";
import { checkArchive, checkManual, checkSums } from "./check/files.ts";
import { checkLauncherCost } from "./check/launcher.ts";
import { checkNpm } from "./check/npm.ts";
import { Rows, statusOf, table } from "./check/rows.ts";
import { type Starter, starterFor } from "./check/start.ts";
import { checkInstallers, checkManifests, checkSbom } from "./check/texts.ts";
import { readProject } from "./project.ts";
import { archiveName, type Target, targets } from "./targets.ts";

const root = join(import.meta.dir, "..", "..");
const release = join(root, "dist", "release");
const work = join(root, "dist", "release-work", "check");
const project = readProject();
const rows = new Rows();
const { native: nativeOnly = false, untimed = false } = parseArgs({
  options: { native: { type: "boolean" }, untimed: { type: "boolean" } },
}).values;

if (!existsSync(join(release, "SHA256SUMS"))) {
  process.stderr.write("release:check: no dist/release: npm run release makes it\n");
  process.exit(1);
}
const made = targets.filter((target) =>
  existsSync(join(release, archiveName(target, project.version))),
);
// What a check has left, but not wine's folder, which takes long to make.
for (const folder of ["archive", "debian"]) {
  rmSync(join(work, folder), { recursive: true, force: true });
}
mkdirSync(work, { recursive: true });

await checkSums(rows, release);
for (const target of made) {
  const starter = starterOf(target);
  // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a table can be read
  await checkArchive(rows, { release, work, project }, target, starter);
  // oxlint-disable-next-line no-await-in-loop -- the same
  if (!nativeOnly) await checkDebian(rows, { release, work, project }, target, starter);
}
const native = made.find((target) => starterOf(target).how === "native");
if (native === undefined) {
  rows.add("this machine's program", "native", "failed", "there is none in the release");
} else if (!nativeOnly) {
  const folder = join(work, "archive", `cdp-${project.version}-${native.name}`);
  await checkManual(rows, join(folder, "cdp.1"));
  await checkNpm(rows, release, project);
  // A machine that is busy with other checks measures nothing.
  if (!untimed) await checkLauncherCost(rows, release, native, project);
  await checkInstallers(rows, release, project);
}
await checkManifests(rows, release, project);
await checkSbom(rows, release, project);
await rows.check("release-notes.md", "text", () => {
  const unpublished = readFileSync(join(release, "release-notes.md"), "utf8").includes(
    "Unpublished",
  );
  if (unpublished !== (project.repository === undefined)) throw new Error("says the wrong state");
  return unpublished ? "says unpublished" : "published";
});

process.stdout.write(`${table(rows.all)}\n`);
process.exit(statusOf(rows.all));

function starterOf(target: Target): Starter {
  const starter = starterFor(target, work);
  if (!nativeOnly || starter.how === "native") return starter;
  return { kind: "elsewhere", how: "form", why: "started on the machine that built it" };
}
