import type { Clock } from "../lib/clock.ts";
import { currentUser } from "../lib/file-user.ts";
import type { FileUser } from "../lib/ownership.ts";
import type { WhoIs } from "../lib/peer.ts";
import { type Bounds, type Connection, defaultBounds } from "./connection.ts";
import { type HeldSocket, type HoldingDisk, openSocketDisk } from "./disk.ts";
import { connectFirst, type Attempt } from "./race.ts";
import { type FoundSocket, judgeAgain, searchSockets, type Verdict } from "./search.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { SocketDisk } from "./trust.ts";
import type { WireEnd } from "./wire.ts";

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
  readonly disk?: HoldingDisk;
}): Promise<Attempt> {
  if (options.places.length === 0) return { kind: "absent", reason: "no Discord socket found" };
  const { disk = openSocketDisk() } = options;
  const { wireOpener } = await import("./transport.ts");
  const open = wireOpener((place) => holdSocket(place, disk), options.whoIs);
  return connectFirst({ ...options, open, bounds: options.bounds ?? defaultBounds });
}

/**
 * Sockets are found up to a minute before they are connected to, and connecting is a synchronous
 * call that follows links: so what is at the place is judged again, and held without its name.
 */
async function holdSocket(place: SocketPlace, disk: HoldingDisk): Promise<HeldSocket | WireEnd> {
  const user = currentUser();
  if (user === undefined) return { address: place.path, [Symbol.dispose]: () => undefined };
  const found = await judgeAgain(place, { disk, user, cwd: process.cwd() });
  if (typeof found === "string") return notUsed(place, found);
  const held = await disk.hold(found.path, found.entry.identity);
  return held ?? notUsed(place, "absent");
}

function notUsed({ path }: SocketPlace, why: NotUsed): WireEnd {
  if (why === "foreign") return { kind: "foreign", reason: `${path} is another user's by now` };
  const code = why === "absent" ? "ENOENT" : undefined;
  return { kind: "lost", reason: `${path} ${lostReasons[why]}`, code };
}

type NotUsed = Exclude<Verdict, "usable"> | "absent";

const lostReasons: Readonly<Record<Exclude<NotUsed, "foreign">, string>> = {
  absent: "was replaced, or is gone",
  "not a socket": "is no socket by now",
  unreadable: "cannot be looked at",
  unanswered: "is on a disk that does not answer",
};
