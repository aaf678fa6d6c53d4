/**
 * Makes a release in `dist/release/`, on Linux, from npm's registry alone: `npm run release`.
 *
 *   npm run release [-- --only TARGET,TARGET]     without `--only` every target, as it is published
 *
 * `npm run release:check` then starts and installs what was made.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Entry, place, tarGz, zip } from "./archive.ts";
import { filesBelow } from "./check/listing.ts";
import { completions } from "./completions.ts";
import { debianArchitecture, debianFile, makeDebian } from "./debian.ts";
import { thirdPartyLicenses } from "./licenses.ts";
import { isValid, readSignature, signAdHoc } from "./macho.ts";
import { manifests } from "./manifests.ts";
import { manualPage, readHelp } from "./manual.ts";
import { releaseNotes } from "./notes.ts";
import { launcherPackage, platformPackage } from "./npm-packages.ts";
import { packagesIn, readParts } from "./parts.ts";
import { downloads, readProject } from "./project.ts";
import { fetchRuntime } from "./runtimes.ts";
import { sbom } from "./sbom.ts";
import { ask, run } from "./shell.ts";
import { archiveName, programName, type Target, targets } from "./targets.ts";

const root = join(import.meta.dir, "..", "..");
const release = join(root, "dist", "release");
const work = join(root, "dist", "release-work");
const project = readProject();
const { version } = project;
const seconds = await releaseTime();
const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = targets.filter(({ name }) => values.only?.split(",").includes(name) ?? true);
const read = (name: string) => readFileSync(join(root, name), "utf8");

rmSync(release, { recursive: true, force: true });
mkdirSync(release, { recursive: true });
mkdirSync(work, { recursive: true });

const native = join(work, "native");
const metafile = join(work, "metafile.json");
await run([process.execPath, "scripts/build.ts", "--outfile", native], { cwd: root });
const help = await readHelp(native);
const parts = readParts(
  // The metafile of one target has the packages of all: they differ in node-pty's prebuilds only.
  packagesIn(await buildTarget(wanted[0] as Target, join(work, "first"))),
  join(root, "node_modules"),
);
const papers = makePapers();
for (const target of wanted) {
  // oxlint-disable-next-line no-await-in-loop -- each takes both cores
  await makeTarget(target);
}
const npmPapers = papers.filter(({ path }) => /^(?:LICENSE|THIRD|README|cdp\.1)/.test(path));
save(await launcherPackage(project, { entries: npmPapers, seconds }));
for (const name of ["install.sh", "install.ps1"]) {
  const text = readFileSync(join(import.meta.dir, name), "utf8")
    .replaceAll("@VERSION@", version)
    .replaceAll("@DOWNLOADS@", downloads(project));
  save({ file: name, bytes: text });
}
save({ file: "sbom.cdx.json", bytes: json(sbom(project, parts, seconds)) });
save({ file: "THIRD_PARTY_LICENSES", bytes: textOf("THIRD_PARTY_LICENSES") });
save({ file: "release-notes.md", bytes: releaseNotes(project, read("CHANGELOG.md")) });
if (wanted.length === targets.length) {
  place(
    manifests(project, (file) => sumOf(join(release, file))),
    release,
  );
}
writeSums();

/** Builds one target into `outfile`; returns the bundler's metafile. */
async function buildTarget(target: Target, outfile: string): Promise<unknown> {
  const runtime = await fetchRuntime(target, join(work, "runtimes"));
  const options = ["--target", target.name, "--runtime", runtime, "--outfile", outfile];
  await run([process.execPath, "scripts/build.ts", ...options, "--metafile", metafile], {
    cwd: root,
  });
  return JSON.parse(readFileSync(metafile, "utf8"));
}

/** The program, its archive, its npm package and, on Debian's systems, its `.deb`. */
async function makeTarget(target: Target): Promise<void> {
  const outfile = join(work, target.name, programName(target));
  await buildTarget(target, outfile);
  // Bun names its outfile with `.exe` by itself on Windows.
  let program: Uint8Array = readFileSync(outfile);
  if (target.os === "darwin" && !isValid(readSignature(program))) {
    program = signAdHoc(program, project.name);
  }
  const own: Entry = { path: programName(target), bytes: program, program: true };
  const file = archiveName(target, version);
  const folder = `cdp-${version}-${target.name}`;
  const entries = [own, ...papers].map((entry) => ({ ...entry, path: `${folder}/${entry.path}` }));
  const archive = target.os === "windows" ? zip(entries, seconds) : await tarGz(entries, seconds);
  save({ file, bytes: archive });
  const licences = papers.filter(({ path }) => /^(?:LICENSE|THIRD)/.test(path));
  save(await platformPackage(project, target, program, { entries: licences, seconds }));
  const architecture = debianArchitecture(target);
  if (architecture === undefined) return;
  const deb = debianFile(project, architecture);
  await makeDebian(project, architecture, debianEntries(own), seconds, join(release, deb));
  said(deb);
}

/** What goes along with the program in every archive. */
function makePapers(): readonly Entry[] {
  const licences = join(import.meta.dir, "licenses");
  const texts = Object.fromEntries(
    readdirSync(licences)
      .toSorted()
      .map((name) => [name.replace(".txt", ""), readFileSync(join(licences, name), "utf8")]),
  );
  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  return [
    { path: "LICENSE", bytes: read("LICENSE") },
    { path: "README.md", bytes: read("README.md") },
    { path: "THIRD_PARTY_LICENSES", bytes: thirdPartyLicenses(parts, texts) },
    { path: "cdp.1", bytes: manualPage(help, version, date) },
    ...completions(help),
  ];
}

/** Places of Debian's policy, below `/usr`. */
function debianEntries(program: Entry): readonly Entry[] {
  const doc = `share/doc/${project.name}`;
  const gzipped = (path: string) => Bun.gzipSync(new TextEncoder().encode(textOf(path)));
  return [
    { ...program, path: "bin/cdp" },
    { path: `${doc}/copyright`, bytes: `${textOf("LICENSE")}\n${textOf("THIRD_PARTY_LICENSES")}` },
    { path: `${doc}/README.md`, bytes: textOf("README.md") },
    { path: "share/man/man1/cdp.1.gz", bytes: gzipped("cdp.1") },
    {
      path: "share/bash-completion/completions/cdp",
      bytes: textOf("completions/cdp.bash"),
    },
    { path: "share/zsh/vendor-completions/_cdp", bytes: textOf("completions/_cdp") },
    {
      path: "share/fish/vendor_completions.d/cdp.fish",
      bytes: textOf("completions/cdp.fish"),
    },
  ];
}

function textOf(path: string): string {
  const bytes = papers.find((entry) => entry.path === path)?.bytes;
  if (typeof bytes !== "string") throw new Error(`no text ${path}`);
  return bytes;
}

/** `SHA256SUMS` of every file, in the form of `sha256sum`. */
function writeSums(): void {
  const files = filesBelow(release).toSorted();
  const lines = files.map((file) => `${sumOf(join(release, file))}  ${file}\n`);
  save({ file: "SHA256SUMS", bytes: lines.join("") });
}

/** The time of the commit, so that two runs of one commit name the same: s since 1970. */
async function releaseTime(): Promise<number> {
  const { status, out } = await ask(["git", "log", "-1", "--format=%ct"], { cwd: root });
  return status === 0 ? Number(out) : Math.floor(Date.now() / 1000);
}

function sumOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function save({ file, bytes }: { readonly file: string; readonly bytes: Uint8Array | string }) {
  writeFileSync(join(release, file), bytes);
  said(file);
}

function said(file: string): void {
  process.stdout.write(`dist/release/${file}\n`);
}
