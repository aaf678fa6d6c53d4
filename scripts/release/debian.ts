import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, place } from "./archive.ts";
import { homepage, type Project } from "./project.ts";
import { run } from "./shell.ts";
import type { Target } from "./targets.ts";

/** Debian's name of a target's processor; `undefined` where no Debian package is made. */
export function debianArchitecture(target: Target): "amd64" | "arm64" | undefined {
  if (target.os !== "linux" || target.libc !== "glibc") return undefined;
  return target.arch === "x64" ? "amd64" : "arm64";
}

/** The file's name: `NAME_VERSION_ARCH.deb`. Debian sorts `~` before the end: a prerelease is older. */
export function debianFile(project: Project, architecture: string): string {
  return `${project.name}_${debianVersion(project)}_${architecture}.deb`;
}

/** Makes the package of these files (paths below `/usr`) with `dpkg-deb`; no script runs on install. */
export async function makeDebian(
  project: Project,
  architecture: string,
  entries: readonly Entry[],
  seconds: number,
  outfile: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cdp-deb-"));
  try {
    const files = entries.map((entry) => ({ ...entry, path: `usr/${entry.path}` }));
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
    const control = controlFile(project, architecture, Math.ceil(bytes / 1024));
    place([...files, { path: "DEBIAN/control", bytes: control }], folder);
    await run(["chmod", "-R", "u=rwX,go=rX", folder]);
    await run(["dpkg-deb", "--build", "--root-owner-group", "-Zxz", "-z1", folder, outfile], {
      env: { SOURCE_DATE_EPOCH: String(seconds) },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The control file. @param kibibytes size of what is installed */
export function controlFile(project: Project, architecture: string, kibibytes: number): string {
  const owner = project.repository?.owner ?? "unpublished";
  const host =
    project.repository === undefined ? "unpublished.invalid" : "users.noreply.github.com";
  return `Package: ${project.name}
Version: ${debianVersion(project)}
Architecture: ${architecture}
Maintainer: ${owner} <${owner}@${host}>
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.28)
Section: utils
Priority: optional
Homepage: ${homepage(project)}
Description: Codex in your terminal, its state in your Discord profile
 Runs the Codex command line beneath a pane of two rows and shows in Discord
 what kind of thing it does; nothing of what it does unless you say so.
`;
}

function debianVersion({ version }: Project): string {
  return version.replace("-", "~");
}
