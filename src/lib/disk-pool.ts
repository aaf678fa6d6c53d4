// edge
import { dlopen } from "bun:ffi";
import { stat } from "node:fs";
import { availableParallelism } from "node:os";
import { systemClock } from "./clock.ts";
import { DiskLanes } from "./disk-lanes.ts";

const variable = "UV_THREADPOOL_SIZE";

/** By itself the runtime's pool has a thread for each core, and two at least. */
const ownThreads = Math.max(2, availableParallelism());
const threads = Math.max(8, ownThreads);

/** How many disks that do not answer are borne at once, where the pool has room for them. */
const mostPlaces = 4;

const libraries: Partial<Record<NodeJS.Platform, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.dylib",
};

let places = Math.min(mostPlaces, ownThreads - 1);

/**
 * Makes room in the runtime's pool, which all asynchronous calls of the file system share: a call to
 * a disk that does not answer keeps its thread for ever. The pool reads the variable once, when it
 * is first used, so this has to come before; the variable is gone again before a child could see it.
 */
export function widenPool(): void {
  const library = libraries[process.platform];
  if (library === undefined) return;
  try {
    const { symbols } = dlopen(library, {
      setenv: { args: ["cstring", "cstring", "i32"], returns: "i32" },
      unsetenv: { args: ["cstring"], returns: "i32" },
    });
    const before = process.env[variable];
    const name = Buffer.from(`${variable}\0`);
    if (symbols.setenv(name, Buffer.from(`${threads}\0`), 1) !== 0) return;
    stat("/", () => undefined);
    if (before === undefined) symbols.unsetenv(name);
    else symbols.setenv(name, Buffer.from(`${before}\0`), 1);
    places = mostPlaces;
  } catch {
    // Another libc: the pool stays as it is, and so do the places in it.
  }
}

let lanes: DiskLanes | undefined;

/**
 * All looks of this process at disks that may not answer: one total for all of them, smaller than
 * the pool. After `widenPool`, where that is called.
 */
export function diskLanes(): DiskLanes {
  return (lanes ??= new DiskLanes({ clock: systemClock, places }));
}
