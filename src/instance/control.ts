import { chmodSync, lstatSync, readdirSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { createServer, Socket, type Server } from "node:net";
import { dirname, join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { peerOf, type Peer, type WhoIs } from "../lib/peer.ts";
import { folderProblem, makePrivateFolder } from "../lib/private-file.ts";
import { Channel, type ChannelEvents } from "./channel.ts";
import { whyConfined } from "./confinement.ts";
import type { ControlAddress } from "./metadata.ts";

export interface ControlOptions {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  /** Somebody of this user has connected and said hello. */
  readonly onChannel: (channel: Channel) => ChannelEvents;
  /** Who is at the other end; by default the kernel says so. */
  readonly whoIs?: WhoIs;
}

/** The publisher's ear. Disposing of it closes it and hangs up on everybody. */
export interface Control extends Disposable {
  readonly address: ControlAddress;
  /** How strangers are kept out here. */
  readonly guard: "peer uid" | "private folder" | "token";
  /** Lets nobody in any more and takes everything off the disk; those who are in stay. */
  close(): void;
}

/** At most so many ends at once; beyond it those go first that have not said hello. */
const maxChannels = 128;

/**
 * Listens in a private folder (0700) under `XDG_RUNTIME_DIR`, else under Codex's home; on Windows
 * on a named pipe. Only for the holder of the lock: what others left in the folder is removed.
 * Returns why nothing can be listened on, if so.
 */
export async function openControl(options: ControlOptions): Promise<Control | string> {
  if (process.platform === "win32") {
    // Anybody may list the names of pipes: what keeps others out is the token.
    const path = `\\\\.\\pipe\\codex-discord-presence-${process.pid}-${secret(8)}`;
    return listen({ path, token: secret(32) }, options, () => undefined);
  }
  let problem = "no folder for the control socket";
  for (const folder of candidateFolders(options.home, options.env)) {
    try {
      makePrivate(folder);
      const path = join(folder, `control-${process.pid}`);
      const opened = await listen({ path }, options, () => attempt(() => rmdirSync(folder)));
      if (typeof opened !== "string") return opened;
      problem = opened;
    } catch (error) {
      problem = messageOf(error);
    }
    options.log.debug("instance", `no control socket in ${folder}: ${problem}`);
  }
  return problem;
}

/**
 * Connects to a publisher, whose socket must be ours in a folder of ours. Whatever goes wrong is
 * told by `closed`, never sooner than after this returns.
 */
export function connectControl(
  address: ControlAddress,
  events: ChannelEvents & { readonly opened: (channel: Channel) => void },
  clock: Clock,
  whoIs: WhoIs = peerOf,
): Disposable {
  // @guard control-socket-distrusted
  const problem = process.platform === "win32" ? undefined : distrustSocket(address.path);
  if (problem !== undefined) return clock.after(0, () => events.closed(problem));
  const socket = new Socket();
  const channel = new Channel(socket, clock, events);
  socket.once("connect", () => {
    // @guard control-publisher-uid
    if (!isOurs(whoIs(socket))) return channel.close("the control socket is another user's");
    events.opened(channel);
  });
  try {
    socket.connect(address.path);
  } catch (error) {
    return clock.after(0, () => channel.close(messageOf(error))); // A path too long, say.
  }
  return { [Symbol.dispose]: () => channel.close("closed by us") };
}

async function listen(
  address: ControlAddress,
  { clock, log, onChannel, whoIs = peerOf }: ControlOptions,
  after: () => void,
): Promise<Control | string> {
  const channels = new Set<Channel>();
  let guard: Control["guard"] = address.token === undefined ? "peer uid" : "token";
  const isWelcome = (socket: object): boolean => {
    const peer = whoIs(socket);
    if (peer.kind === "unsupported" && guard === "peer uid") guard = "private folder";
    const problem = whyUnwelcome(socket, peer);
    if (problem === undefined) return makeRoom(channels);
    log.debug("instance", `a peer of the control socket was refused: ${problem}`);
    return false;
  };
  const server = createServer((socket) => {
    if (!isWelcome(socket)) {
      socket.destroy();
      return;
    }
    const channel = Channel.accept(socket, clock, { token: address.token, onChannel });
    channels.add(channel);
    socket.once("close", () => channels.delete(channel));
  });
  const problem = await started(server, address.path);
  if (problem !== undefined) return problem;
  // @guard control-socket-mode
  if (address.token === undefined) attempt(() => chmodSync(address.path, 0o600));
  let listens = true;
  const close = (): void => {
    if (!listens) return;
    listens = false;
    server.close();
    if (address.token === undefined) attempt(() => rmSync(address.path, { force: true }));
    after();
  };
  return {
    address,
    get guard() {
      return guard;
    },
    close,
    [Symbol.dispose]: () => {
      close();
      for (const channel of channels) channel.close("the publisher has ended");
    },
  };
}

function secret(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}

/** Of this user; a system that can tell and does not is not believed. */
function isOurs(peer: Peer): boolean {
  // @guard control-peer-unknown
  // @guard control-peer-uid
  return peer.kind === "unsupported" || (peer.kind === "known" && peer.uid === process.getuid?.());
}

/** No verb is for a peer of another user, or for one that is more confined than we are. */
function whyUnwelcome(socket: object, peer: Peer): string | undefined {
  if (!isOurs(peer)) {
    return peer.kind === "known" ? `it is user ${peer.uid}'s` : "its user is not known";
  }
  // @guard control-peer-confined
  return peer.kind === "known" ? whyConfined(socket, peer) : undefined;
}

function started(server: Server, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    // It stays for the server's whole life: a failing accept is no crash.
    server.on("error", (error) => resolve(messageOf(error)));
    server.listen(path, () => resolve(undefined));
  });
}

/** Hangs up on somebody who has not said hello if there are too many. Is there room now? */
function makeRoom(channels: Set<Channel>): boolean {
  // @guard control-room
  if (channels.size < maxChannels) return true;
  const stranger = [...channels].find((channel) => channel.hello === undefined);
  if (stranger === undefined) return false;
  stranger.close("too many");
  return channels.delete(stranger);
}

function candidateFolders(home: string, env: ControlOptions["env"]): readonly string[] {
  const runtime = env["XDG_RUNTIME_DIR"];
  const folders = [join(home, "cdp-control")];
  // @guard control-runtime-folder
  if (runtime === undefined || !runtime.startsWith("/") || folderProblem(runtime) !== undefined) {
    return folders;
  }
  return [runtimeFolder(runtime, home), ...folders];
}

/**
 * The folder for this home's control socket: the name says which home, by whatever links it is
 * reached, and is short enough for every system.
 */
export function runtimeFolder(runtime: string, home: string): string {
  let real = home;
  attempt(() => (real = realpathSync(home)));
  return join(runtime, `cdp-${Bun.hash(real).toString(16)}`);
}

/** Makes the folder, or sees that it is ours alone, and empties it of dead sockets. */
function makePrivate(folder: string): void {
  makePrivateFolder(folder);
  for (const name of readdirSync(folder)) {
    if (name.startsWith("control-")) attempt(() => rmSync(join(folder, name), { force: true }));
  }
}

/** Why no publisher of this user can be listening at this path. */
export function distrustSocket(path: string, uid = process.getuid?.()): string | undefined {
  const folder = distrustFolder(dirname(path), 0o077, uid);
  if (folder !== undefined) return folder;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `nobody listens at ${path}`;
  // @guard control-socket-owner
  // @guard control-socket-kind
  return found.isSocket() && found.uid === uid ? undefined : `${path} is not ours`;
}

/** Why this folder is not this user's, or not closed to others as far as `mask` says. */
export function distrustFolder(
  folder: string,
  mask: number,
  uid = process.getuid?.(),
): string | undefined {
  try {
    const found = lstatSync(`${folder}/.`);
    // @guard control-folder-owner
    const ours = found.isDirectory() && found.uid === uid;
    // @guard control-folder-mode
    return ours && (found.mode & mask) === 0 ? undefined : `${folder} is not ours alone`;
  } catch (error) {
    return messageOf(error);
  }
}

function attempt(run: () => void): void {
  try {
    run();
  } catch {
    // Already gone, or not empty: others need it.
  }
}
