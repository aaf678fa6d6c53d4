import { connect, type Socket } from "node:net";
import { Client, Transport } from "@xhayper/discord-rpc";
import { codeOf, messageOf } from "../lib/errors.ts";
import { type Peer, peerOf, type WhoIs } from "../lib/peer.ts";
import type { HeldSocket } from "./disk.ts";
import { fullAllowance, isSpent, spend } from "./allowance.ts";
import { encodeFrame, FrameDecoder, op, type Incoming, type Op } from "./frame.ts";
import { readMessage } from "./message.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { OpenWire, Reply, WireEnd, WireEvents } from "./wire.ts";

type TransportOptions = ConstructorParameters<typeof Transport>[0];

/** A peer that reads nothing must not make us hoard: beyond this the wire is given up. */
const maxPendingBytes = 1024 * 1024;

/** The other side has gone: which of these it is depends on the moment alone. */
const hungUp: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET"]);
const closed = "Discord closed the connection";

/** Judges a place right before it is connected to, and holds what is there; or why it is not. */
export type HoldSocket = (place: SocketPlace) => Promise<HeldSocket | WireEnd>;

/**
 * Opens wires: the package's `Client` (nonces, handshake state) on a transport of ours (socket,
 * frames, end). This module loads the package, tens of milliseconds: import it only when there is
 * a socket to talk to.
 *
 * @param hold asked once for each place, before it is connected to
 * @param whoIs asked once for each socket, before a byte is sent
 */
export function wireOpener(hold: HoldSocket, whoIs: WhoIs = peerOf): OpenWire {
  return (clientId, place, events) => {
    const client = new Client({
      clientId,
      transport: {
        type: class extends SocketTransport {
          constructor(options: TransportOptions) {
            super(options, place, events, { hold, whoIs });
          }
        },
      },
    });
    stopRestTimers(client);
    // Its own 10 s limit is not ours, and how the wire ends is told by the transport.
    client.connect().catch(() => undefined);
    return {
      setActivity: (activity) => setActivity(client, activity),
      ping: (data) => {
        if (client.transport instanceof SocketTransport) client.transport.write(op.ping, data);
      },
      close: () => void client.transport.close(),
    };
  };
}

interface Guards {
  readonly hold: HoldSocket;
  readonly whoIs: WhoIs;
}

/** The package's abstract transport on one unix socket or pipe. Ends once, for whatever reason. */
class SocketTransport extends Transport {
  readonly #place: SocketPlace;
  readonly #events: WireEvents;
  readonly #guards: Guards;
  readonly #decoder = new FrameDecoder();
  #allowance = fullAllowance(performance.now());
  #socket: Socket | undefined;
  #ended = false;

  constructor(options: TransportOptions, place: SocketPlace, events: WireEvents, guards: Guards) {
    super(options);
    this.#place = place;
    this.#events = events;
    this.#guards = guards;
  }

  override get isOpen(): boolean {
    return this.isConnected && !this.#ended;
  }

  async connect(): Promise<void> {
    const held = await this.#guards.hold(this.#place);
    if ("kind" in held) return this.end(held);
    try {
      if (this.#ended) return held[Symbol.dispose]();
      const socket = connect(held.address);
      socket.once("connect", () => held[Symbol.dispose]());
      socket.once("close", () => held[Symbol.dispose]());
      this.#listen(socket);
    } catch (error) {
      held[Symbol.dispose]();
      this.#lose(messageOf(error), codeOf(error)); // A path too long for a socket, say.
    }
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    // The listener stays for the socket's whole life: an EPIPE long after is no crash.
    socket.on("error", (error) => {
      const code = codeOf(error);
      this.#lose(hungUp.has(code ?? "") ? closed : messageOf(error), code);
    });
    socket.on("end", () => this.#lose(closed));
    socket.on("close", () => this.#lose(closed));
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("connect", () => {
      if (this.#ended) return;
      const reason = whyForeign(this.#guards.whoIs(socket), this.#place);
      // @guard discord-peer-judged
      if (reason !== undefined) return this.end({ kind: "foreign", reason });
      this.isConnected = true;
      this.emit("open");
      this.write(op.handshake, { v: 1, client_id: this.client.clientId });
      this.#events.opened();
    });
  }

  send(message: unknown): void {
    this.write(op.frame, message);
  }

  ping(): void {
    this.write(op.ping, "");
  }

  close(): Promise<void> {
    this.#lose("closed by us");
    return Promise.resolve();
  }

  write(operation: Op, data: unknown): void {
    const socket = this.#socket;
    if (socket === undefined || !this.isOpen) return;
    // @guard discord-pending
    if (socket.writableLength > maxPendingBytes) return this.#lose("Discord does not read");
    try {
      socket.write(encodeFrame(operation, data));
    } catch (error) {
      this.#lose(messageOf(error), codeOf(error));
    }
  }

  end(end: WireEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.isConnected = false;
    // What was written is with the kernel already and reaches a peer that reads.
    this.#socket?.destroy();
    this.emit("close", end.kind === "closed" ? end : end.reason);
    this.#events.ended(end);
  }

  #lose(reason: string, code?: string): void {
    this.end({ kind: "lost", reason, code });
  }

  #receive(chunk: Uint8Array): void {
    try {
      const before = this.#decoder.ended;
      const received = this.#decoder.feed(chunk);
      const piece = { frames: this.#decoder.ended - before, bytes: chunk.length };
      this.#allowance = spend(this.#allowance, piece, performance.now());
      // @guard discord-flood
      if (isSpent(this.#allowance)) return this.#lose("Discord sends far too much");
      for (const frame of received) {
        if (this.#ended) return;
        this.#take(frame);
      }
    } catch (error) {
      // The package's own handlers run in here: a frame that upsets them ends the connection only.
      this.#lose(messageOf(error));
    }
  }

  #take(frame: Incoming): void {
    switch (frame.kind) {
      case "message":
        return this.#deliver(frame.payload);
      case "close":
        return this.end({ kind: "closed", code: frame.code, message: frame.message });
      case "ping":
        return this.write(op.pong, frame.data);
      case "pong":
        return this.#events.pong(frame.data);
      case "oversize":
        // @guard discord-oversize
        return this.#lose(`Discord sent a frame of ${frame.length} bytes`);
    }
  }

  /** Gives the package only what it can take: it throws at errors without data, among others. */
  #deliver(payload: Readonly<Record<string, unknown>>): void {
    const message = readMessage(payload);
    if (message === undefined) return;
    switch (message.kind) {
      case "ready":
        this.emit("message", { cmd: "DISPATCH", evt: "READY", nonce: null, data: {} });
        return this.#events.ready(message.edition);
      case "reply":
        this.emit("message", { cmd: "SET_ACTIVITY", nonce: message.nonce, data: message.data });
        return;
      case "error":
        this.emit("message", {
          cmd: "SET_ACTIVITY",
          evt: "ERROR",
          nonce: message.nonce,
          data: { code: message.code, message: message.message },
        });
    }
  }
}

/**
 * Why the process at the other end must not see a card: it is not this user's. Where the person has
 * named another user's socket, it may be that user's, or root's, who opens sockets for others.
 */
function whyForeign(peer: Peer, { path, owner }: SocketPlace): string | undefined {
  if (peer.kind === "unsupported") return undefined;
  if (peer.kind === "unknown") return `who listens at ${path} cannot be told`;
  const { uid } = peer;
  const isAdmitted =
    // @guard discord-peer-named
    // @guard discord-peer-uid
    uid === process.getuid?.() || (owner !== undefined && [owner, 0].includes(uid));
  return isAdmitted ? undefined : `user ${uid} listens at ${path}`;
}

async function setActivity(client: Client, activity: object | undefined): Promise<Reply> {
  try {
    await client.request("SET_ACTIVITY", {
      pid: visiblePid(),
      ...(activity === undefined ? {} : { activity }),
    });
    return { kind: "accepted" };
  } catch (error) {
    const code = numericCode(error);
    // Codes below 1000 are the package's own (ended, timed out), the rest are Discord's.
    return code !== undefined && client.isConnected && code >= 1000
      ? { kind: "rejected", code, message: messageOf(error) }
      : { kind: "unanswered", reason: messageOf(error) };
  }
}

/** Discord ignores activities of a pid below 10, which a container may well give us. */
function visiblePid(): number {
  return Math.max(process.pid, 10);
}

function numericCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "number" ? error.code : undefined;
}

/** Every Client starts two idle timers of a REST client that nothing here uses. */
function stopRestTimers(client: Client): void {
  const rest: unknown = Reflect.get(client, "rest");
  if (typeof rest !== "object" || rest === null) return;
  for (const name of ["clearHashSweeper", "clearHandlerSweeper"]) {
    const stop: unknown = Reflect.get(rest, name);
    if (typeof stop === "function") stop.call(rest);
  }
}
