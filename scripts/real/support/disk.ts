import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A small disk of its own, mounted on a folder; disposing unmounts it. */
export interface Disk extends Disposable {
  readonly folder: string;
  /** Takes the last free byte. */
  fill(): void;
  readOnly(): void;
}

/** Whether this process may mount; what needs it is skipped where it may not. */
export function mayMount(folder: string): boolean {
  if (!mounts("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)) return false;
  unmount(folder);
  return true;
}

/** Mounts a disk of 256 kB on this folder; `files`: the most files it takes. */
export function mountDisk(folder: string, { files = 0 } = {}): Disk {
  const limit = files === 0 ? "" : `,nr_inodes=${files}`;
  if (!mounts("-t", "tmpfs", "-o", `size=256k,mode=700${limit}`, "tmpfs", folder)) {
    throw new Error(`no disk could be mounted on ${folder}`);
  }
  return {
    folder,
    fill: () => fillUp(join(folder, "filler")),
    readOnly: () => {
      if (!mounts("-o", "remount,ro", folder)) throw new Error(`${folder} stayed writable`);
    },
    [Symbol.dispose]: () => unmount(folder),
  };
}

function fillUp(path: string): void {
  for (;;) {
    try {
      writeFileSync(path, Buffer.alloc(4096), { flag: "a" });
    } catch {
      return; // Full: what was wanted.
    }
  }
}

function mounts(...words: readonly string[]): boolean {
  return Bun.spawnSync(["mount", ...words]).exitCode === 0;
}

/** Lazily, should a program that was left behind still stand in it. */
function unmount(folder: string): void {
  Bun.spawnSync(["umount", "--lazy", folder]);
}
