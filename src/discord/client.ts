import { readFileSync } from "node:fs";
import type { Clock } from "../lib/clock.ts";
import type { WhoIs } from "../lib/peer.ts";
import { type Bounds, type Connection, defaultBounds } from "./connection.ts";
import { PatientDisk } from "./disk.ts";
import { connectFirst, type Attempt } from "./race.ts";
import { type FoundSocket, searchSockets } from "./search.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { SocketDisk, SocketUser } from "./trust.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** One for the process: what has not answered yet must not be asked again. */
const systemDisk = new PatientDisk();
const quiet = new Map<string, string>();

/**
 * Looks at every place where Discord may listen, without opening any (see `searchSockets`). About
 * 30 calls of the disk, 12 where nothing has changed since; none is waited for longer than a second.
 */
export function findSockets(
  env: Env = process.env,
  disk: SocketDisk = systemDisk,
  user: SocketUser | undefined = userHere(),
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

/** `undefined` on Windows. */
function userHere(): SocketUser | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (uid === undefined || gid === undefined) return undefined;
  return { uid, gid, root: rootIn(read("/proc/self/uid_map")) };
}

/** What files of the machine's root show as their owner, by `/proc/self/uid_map`. */
export function rootIn(uidMap: string | undefined): SocketUser["root"] {
  const rows = (uidMap ?? "0 0 1").trim().split("\n");
  const mapped = rows.map((row) => row.trim().split(/\s+/)).find(([, outside]) => outside === "0");
  if (mapped !== undefined) return { uid: Number(mapped[0]), isCertain: true };
  return { uid: Number(read("/proc/sys/kernel/overflowuid") ?? 65_534), isCertain: false };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined; // No Linux.
  }
}
