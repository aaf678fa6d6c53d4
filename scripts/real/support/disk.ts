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

/** A disk that is mounted on this folder and never answers; disposing unmounts it. */
export async function mountDeadDisk(folder: string): Promise<AsyncDisposable> {
  // The process that has /dev/fuse open is the disk; this one reads nothing from it.
  const options = "fd=3,rootmode=40000,user_id=0,group_id=0";
  const script = `exec 3<>/dev/fuse && mount -i -t fuse -o ${options} dead "$0" && echo up && exec sleep 1000`;
  const holder = Bun.spawn(["sh", "-c", script, folder], { stdout: "pipe", stderr: "ignore" });
  const { value } = await holder.stdout.getReader().read();
  if (!new TextDecoder().decode(value).startsWith("up")) {
    throw new Error(`no dead disk could be mounted on ${folder}`);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      holder.kill("SIGKILL");
      await holder.exited;
      unmount(folder);
    },
  };
}

/** Whether this process may mount a disk of its own making. */
export async function mayMountDead(folder: string): Promise<boolean> {
  try {
    await using _ = await mountDeadDisk(folder);
    return true;
  } catch {
    return false;
  }
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
