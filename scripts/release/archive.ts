import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { run } from "./shell.ts";

/** A file of an archive; its path has no `..` and no leading slash. */
export interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array | string;
  /** Whether it may be run. */
  readonly program?: boolean;
}

/** Mode of a file: everyone reads, its owner writes. */
export const modeOf = ({ program = false }: Entry): number => (program ? 0o755 : 0o644);

/** A `.tar.gz` of these files: sorted, of root, all with one time (s since 1970). */
export async function tarGz(entries: readonly Entry[], seconds: number): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "cdp-archive-"));
  try {
    place(entries, join(folder, "files"));
    const tar = join(folder, "archive.tar");
    const owner = ["--owner=0", "--group=0", "--numeric-owner"];
    const order = ["--sort=name", `--mtime=@${seconds}`, "--format=ustar"];
    const tops = [...new Set(entries.map(({ path }) => path.split("/")[0] ?? path))];
    await run(["tar", ...owner, ...order, "-cf", tar, "-C", join(folder, "files"), ...tops]);
    return Bun.gzipSync(new Uint8Array(await Bun.file(tar).arrayBuffer()), {
      level: 6,
      library: "libdeflate",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A `.zip` of these files, all with one time (s since 1970). */
export function zip(entries: readonly Entry[], seconds: number): Uint8Array {
  const unix = 3;
  const mtime = new Date(seconds * 1000);
  return zipSync(
    Object.fromEntries(
      entries.map((entry) => [
        entry.path,
        [bytesOf(entry), { os: unix, attrs: (0o100000 | modeOf(entry)) << 16, mtime }],
      ]),
    ),
    { level: 6 },
  );
}

/** Writes the files below a folder. */
export function place(entries: readonly Entry[], folder: string): void {
  for (const entry of entries) {
    const path = join(folder, entry.path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    writeFileSync(path, bytesOf(entry), { mode: modeOf(entry) });
  }
}

function bytesOf({ bytes }: Entry): Uint8Array {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
}
