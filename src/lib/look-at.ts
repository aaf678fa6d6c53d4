// edge
import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { codeOf } from "./errors.ts";
import { mayHaveAcl, strangerServing } from "./file-user.ts";
import { doesAclCount, type Entry } from "./ownership.ts";
import type { Place, Walk } from "./trusted-path.ts";

/** Walks by synchronous calls; see `walk`. @throws the system's error */
export function drive(steps: Walk): Place {
  let step = steps.next();
  while (step.done !== true) step = steps.next(look(step.value));
  return step.value;
}

/** As `drive`, without a synchronous call: the disk may not answer. */
export async function driveLater(steps: Walk): Promise<Place> {
  let step = steps.next();
  // oxlint-disable-next-line no-await-in-loop -- a step depends on what the one before found
  while (step.done !== true) step = steps.next(await lookLater(step.value));
  return step.value;
}

function look(path: string): Entry | undefined {
  const served = strangersMount(path);
  if (served !== undefined) return served;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return entryOf(found, path, found.isSymbolicLink() ? readlinkSync(path) : undefined);
}

async function lookLater(path: string): Promise<Entry | undefined> {
  const served = strangersMount(path);
  if (served !== undefined) return served;
  try {
    const found = await lstat(path);
    return entryOf(found, path, found.isSymbolicLink() ? await readlink(path) : undefined);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A file system of another user's program is not asked: it may answer anything, or never. */
function strangersMount(path: string): Entry | undefined {
  const uid = strangerServing({ path });
  if (uid === undefined) return undefined;
  const nothing = { gid: -1, mode: 0o700, nlink: 1, dev: -1, acl: false, target: undefined };
  return { kind: "folder", uid, ...nothing };
}

/** What `stat` says, as far as trust depends on it. */
export function entryOf(found: Stats, path: string, target?: string): Entry {
  const { uid, gid, mode, nlink, dev } = found;
  return {
    kind: kindOf(found),
    // It may have been mounted since the path was looked at.
    uid: strangerServing({ dev }) ?? uid,
    gid,
    mode: mode & 0o7777,
    nlink,
    dev,
    // Asked only where the answer counts.
    acl: !found.isSymbolicLink() && doesAclCount(mode) && mayHaveAcl(path),
    target,
  };
}

function kindOf(found: Stats): Entry["kind"] {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "folder";
  return found.isSymbolicLink() ? "link" : "other";
}
