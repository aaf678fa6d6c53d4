import { statfsSync } from "node:fs";
import type { CodexHome } from "../codex/home.ts";
import type { Met } from "../codex/met.ts";
import type { HomeFacts } from "../doctor/home.ts";
import type { Clock } from "../lib/clock.ts";
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
  return {
    home,
    unwritable: unwritable(home.path),
    watch: watchState(home.path, clock, log),
    remote: remoteKind(home.path),
    met: await look(home.path, clock, log),
  };
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
