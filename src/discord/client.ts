import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { type Bounds, type Connection, defaultBounds } from "./connection.ts";
import { connectFirst, type Attempt } from "./race.ts";
import { socketPlaces, type SocketPlace } from "./socket-paths.ts";

/** A place that exists. `usable` sockets are ours; `identity` changes when it is made anew. */
export interface FoundSocket {
  readonly place: SocketPlace;
  readonly identity: string;
  readonly verdict: "usable" | "foreign" | "not a socket" | "unreadable";
}

/**
 * Looks at every place where Discord may listen, without opening any. Any local user can create
 * `/tmp/discord-ipc-0`, so a socket or link that another user owns or could replace is never used.
 * One socket under two names (a link to a Flatpak's folder) is listed once, by a name that can be
 * used if there is one. About 100 `lstat` calls, under 1 ms.
 */
export function findSockets(
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly FoundSocket[] {
  const uid = process.getuid?.();
  const { platform } = process;
  const found = socketPlaces({ platform, env, uid, list }).flatMap((place) =>
    platform === "win32"
      ? [{ place, identity: place.path, verdict: "usable" as const }]
      : inspect(place, uid),
  );
  const first = (socket: FoundSocket): FoundSocket | undefined => {
    const same = found.filter(({ identity }) => identity === socket.identity);
    return same.find(({ verdict }) => verdict === "usable") ?? same[0];
  };
  return found.filter((socket) => first(socket) === socket);
}

/** One attempt over these places (see `connectFirst`). Loads what it needs at the first call. */
export async function connectDiscord(options: {
  readonly clientId: string;
  readonly places: readonly SocketPlace[];
  readonly clock: Clock;
  readonly bounds?: Bounds;
  readonly opened: () => void;
  readonly wanted?: (connection: Connection) => boolean;
  readonly signal: AbortSignal;
}): Promise<Attempt> {
  if (options.places.length === 0) return { kind: "absent", reason: "no Discord socket found" };
  const { openWire } = await import("./transport.ts");
  return connectFirst({ ...options, open: openWire, bounds: options.bounds ?? defaultBounds });
}

function inspect(place: SocketPlace, uid: number | undefined): readonly FoundSocket[] {
  try {
    const entry = lstatSync(place.path, { throwIfNoEntry: false });
    if (entry === undefined) return [];
    const real = entry.isSymbolicLink() ? realpathSync(place.path) : place.path;
    const target = lstatSync(real);
    const ours = [entry, target].every((stats) => stats.uid === uid);
    const safe = [place.path, real].every((path) => keepsOthersOut(dirname(path), uid));
    const verdict = !target.isSocket() ? "not a socket" : ours && safe ? "usable" : "foreign";
    return [{ place, identity: identityOf(target), verdict }];
  } catch {
    // A folder that is closed to us, or a link to nothing: something is there, but not for us.
    return [{ place, identity: place.path, verdict: "unreadable" }];
  }
}

/** Could another user put a socket of his own in place of ours, between our look and our connect? */
function keepsOthersOut(folder: string, uid: number | undefined): boolean {
  const { mode, uid: owner, gid } = statSync(folder);
  const sticky = (mode & 0o1000) !== 0;
  const open = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== process.getgid?.());
  return (owner === uid || owner === 0) && (sticky || !open);
}

function identityOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}:${stats.ctimeMs}`;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // Lost: why it cannot be read. Most of these folders exist on few machines.
  }
}
