// edge
import { closeSync, readFileSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { findPrebuild, type Prebuild } from "./prebuild.ts";
import { cacheFolder, placeVerified } from "./private-folder.ts";

/** What we use of node-pty's native module (its `src/unix/pty.cc`). */
export interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helper: string,
    onExit: (code: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number; readonly pty: string };
  resize(fd: number, cols: number, rows: number, xPixels: number, yPixels: number): void;
}

export interface PtyAddon {
  readonly native: NativePty;
  /** Path of the spawn helper, which only macOS uses; empty elsewhere. */
  readonly helper: string;
}

const MFD_CLOEXEC = 1;
let loading: Promise<PtyAddon | undefined> | undefined;

/**
 * Maps node-pty's native addon, once a process. Undefined where that cannot be done (no prebuild for
 * this system, no executable memory files, a C library it was not made for): use Bun's pty then.
 *
 * Left to itself Bun would extract the addon to the temp folder, keep it there and load it again
 * without looking at its content. So nothing but a memory file is used on Linux, and elsewhere a
 * private folder whose content is compared before each load.
 */
export function loadPtyAddon(): Promise<PtyAddon | undefined> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PtyAddon | undefined> {
  try {
    const prebuild = await findPrebuild();
    if (prebuild === undefined) return undefined;
    if (!prebuild.embedded) return { native: map(prebuild.addon), helper: prebuild.helper ?? "" };
    if (process.platform !== "linux") return mapFromFolder(prebuild);
    return { native: await mapFromMemory(readFileSync(prebuild.addon)), helper: "" };
  } catch {
    return undefined; // the reason is lost; the backend that runs instead is visible as `Pty.backend`
  }
}

/** Maps an addon from an anonymous file that no other program can find. Throws when it cannot be mapped. */
export async function mapFromMemory(bytes: Uint8Array): Promise<NativePty> {
  // Loaded here, since a start without a pty shall not pay for it.
  const { dlopen, ptr } = await import("bun:ffi");
  const libc = dlopen("libc.so.6", { memfd_create: { args: ["ptr", "u32"], returns: "i32" } });
  const fd = libc.symbols.memfd_create(ptr(new TextEncoder().encode("pty\0")), MFD_CLOEXEC);
  libc.close();
  if (fd < 0) throw new Error("memfd_create failed");
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    return map(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

function mapFromFolder({ addon, helper }: Prebuild): PtyAddon {
  const folder = cacheFolder(process.platform, process.env, homedir());
  const place = (name: string, source: string, mode: number): string =>
    placeVerified(folder, { name, bytes: readFileSync(source), mode });
  return {
    native: map(place("pty.node", addon, 0o600)),
    helper: helper === undefined ? "" : place("spawn-helper", helper, 0o700),
  };
}

function map(path: string): NativePty {
  const module: { exports: unknown } = { exports: {} };
  process.dlopen(module, path);
  if (!isNativePty(module.exports)) throw new Error("not node-pty's addon");
  return module.exports;
}

function isNativePty(exports: unknown): exports is NativePty {
  if (typeof exports !== "object" || exports === null) return false;
  return "fork" in exports && "resize" in exports;
}
