import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, tarGz } from "./archive.ts";
import { homepage, type Project } from "./project.ts";
import { nodePlatform, programName, type Target, targets } from "./targets.ts";

/** A file for `npm publish`, or `npm install` from where it lies. */
export interface NpmPackage {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What goes into every package beside its own files. */
export interface Papers {
  readonly entries: readonly Entry[];
  /** Time of all files, s since 1970. */
  readonly seconds: number;
}

/** The launcher: `cdp` on the path, which starts the program of the platform's package. */
export async function launcherPackage(project: Project, papers: Papers): Promise<NpmPackage> {
  const launcher = readFileSync(join(import.meta.dir, "launcher", "cdp.js"), "utf8");
  const json = {
    ...shared(project),
    bin: { cdp: "bin/cdp.js" },
    type: "commonjs",
    engines: { node: ">=20" },
    optionalDependencies: Object.fromEntries(
      targets.map(({ name }) => [
        `${project.name}-${name}`,
        `npm:${project.name}@${project.version}-${name}`,
      ]),
    ),
  };
  const own: Entry = { path: "bin/cdp.js", bytes: launcher, program: true };
  return pack(project, project.version, json, [own], papers);
}

/** A platform's program: a version of the same package, which the launcher takes by an alias. */
export async function platformPackage(
  project: Project,
  target: Target,
  program: Uint8Array,
  papers: Papers,
): Promise<NpmPackage> {
  const version = `${project.version}-${target.name}`;
  const json = {
    ...shared(project),
    version,
    os: [nodePlatform(target)],
    cpu: [target.arch],
    ...(target.libc === undefined ? {} : { libc: [target.libc] }),
  };
  const own: Entry = { path: `bin/${programName(target)}`, bytes: program, program: true };
  return pack(project, version, json, [own], papers);
}

function shared(project: Project) {
  const { name, version, description, license, repository } = project;
  if (repository === undefined) return { name, version, description, license };
  const url = `git+${homepage(project)}.git`;
  return { name, version, description, license, repository: { type: "git", url } };
}

async function pack(
  project: Project,
  version: string,
  json: unknown,
  own: readonly Entry[],
  papers: Papers,
): Promise<NpmPackage> {
  const manifest: Entry = {
    path: "package.json",
    bytes: `${JSON.stringify(json, undefined, 2)}\n`,
  };
  const entries = [manifest, ...own, ...papers.entries].map((entry) => ({
    ...entry,
    path: `package/${entry.path}`,
  }));
  return {
    file: `${project.name}-${version}.tgz`,
    bytes: await tarGz(entries, papers.seconds),
  };
}
