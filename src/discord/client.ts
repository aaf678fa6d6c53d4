import type { Clock } from "../lib/clock.ts";
import { currentUser } from "../lib/file-user.ts";
import type { FileUser } from "../lib/ownership.ts";
import type { WhoIs } from "../lib/peer.ts";
import { type Bounds, type Connection, defaultBounds } from "./connection.ts";
import { openSocketDisk } from "./disk.ts";
import { connectFirst, type Attempt } from "./race.ts";
import { type FoundSocket, searchSockets } from "./search.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { SocketDisk } from "./trust.ts";

type Env = Readonly<Record<string, string | undefined>>;

const quiet = new Map<string, string>();

/**
 * Looks at every place where Discord may listen, without opening any (see `searchSockets`). About
 * 30 calls of the disk, 12 where nothing has changed since; none is waited for longer than two seconds.
 */
export function findSockets(
  env: Env = process.env,
  disk: SocketDisk = openSocketDisk(),
  user: FileUser | undefined = currentUser(),
): Promise<readonly FoundSocket[]> {
  const { platform } = process;
  return searchSockets({ platform, env, user, cwd: process.cwd(), disk, quiet, now: Date.now() });
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
  /** Who is at the other end of a socket; by default the kernel says so. */
  readonly whoIs?: WhoIs;
}): Promise<Attempt> {
  if (options.places.length === 0) return { kind: "absent", reason: "no Discord socket found" };
  const { wireOpener } = await import("./transport.ts");
  const open = wireOpener(options.whoIs);
  return connectFirst({ ...options, open, bounds: options.bounds ?? defaultBounds });
}
