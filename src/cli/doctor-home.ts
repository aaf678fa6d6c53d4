import { readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { CodexHome } from "../codex/home.ts";
import type { Met } from "../codex/met.ts";
import { lockFolder } from "../codex/thread-files.ts";
import type { HomeFacts } from "../doctor/home.ts";
import type { Clock } from "../lib/clock.ts";
import { codeOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { openWatcher, type WatchState } from "../tail/watch.ts";
import { openDiskOnce } from "./disk-once.ts";
import { unwritable } from "./home.ts";
import { openSessionWatch } from "./session-watch.ts";

const lookMs = 1000;
/** A repository on a slow disk is not what is checked here. */
const folderDeadlineMs = 50;

/** What Codex's home is like. Never rejects. */
export async function homeFacts(home: CodexHome, clock: Clock, log: Log): Promise<HomeFacts> {
  if (!home.ok) {
    return { home, unwritable: undefined, watch: "watching", remote: undefined, met: undefined };
  }
  const closed = closedFolder(home.path);
  return {
    home,
    ...(closed === undefined ? {} : { closed }),
    unwritable: unwritable(home.path),
    watch: watchState(home.path, clock, log),
    remote: remoteKind(home.path),
    met: await look(home.path, clock, log),
  };
}

/** The first folder for locks or the newest rollouts that is there and does not give its names. */
export function closedFolder(home: string): string | undefined {
  const folders = [lockFolder, "sessions"];
  for (const folder of folders) {
    try {
      const newest = readdirSync(join(home, folder))
        .filter((name) => /^\d{2,4}$/.test(name))
        .toSorted()
        .at(-1);
      const isDay = folder.split("/").length > 3;
      if (newest !== undefined && folder !== lockFolder && !isDay) {
        folders.push(`${folder}/${newest}`);
      }
    } catch (error) {
      if (codeOf(error) !== "ENOENT") return folder;
    }
  }
  return undefined;
}

function watchState(path: string, clock: Clock, log: Log): WatchState {
  using watcher = openWatcher({ clock, log });
  watcher.watch(path, () => undefined);
  return watcher.state;
}

/** `statfs(2)`: file systems to which other machines write, too. */
const remoteKinds: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x517b: "SMB",
  0xff534d42: "SMB",
  0xfe534d42: "SMB",
  0x01021997: "9P",
};

function remoteKind(path: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return remoteKinds[statfsSync(path).type];
  } catch {
    return undefined; // Lost: the kind; what it is unfit for, the other checks tell.
  }
}

async function look(home: string, clock: Clock, log: Log): Promise<Met | undefined> {
  const disk = openDiskOnce();
  using watch = openSessionWatch({ home, disk, clock, log, deadlineMs: folderDeadlineMs });
  const late = Promise.withResolvers<undefined>();
  using _ = clock.after(lookMs, () => late.resolve(undefined));
  const list = await Promise.race([watch.look(), late.promise]);
  return list === undefined ? undefined : watch.met;
}
