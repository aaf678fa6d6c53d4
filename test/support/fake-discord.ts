import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { systemClock, type Clock } from "../../src/lib/clock.ts";
import { until } from "./fake-clock.ts";
import {
  field,
  flood,
  frame,
  FrameReader,
  isFields,
  leaveDeadSocket,
  wallClock,
} from "./fake-discord-frames.ts";
import {
  noFaults,
  type Activity,
  type Faults,
  type ReceivedFrame,
  type Sight,
  type Update,
} from "./fake-discord-record.ts";
import { complaint, realLimits, type DiscordLimits } from "./fake-discord-rules.ts";

export interface FakeDiscordOptions {
  readonly path: string;
  readonly limits?: Partial<DiscordLimits>;
  /** Makes all windows shorter by this factor, for tests that must not wait. Default 1. */
  readonly speed?: number;
  readonly faults?: Partial<Faults>;
  /** Whose time the limits follow; a fake clock makes an hour pass at once. */
  readonly clock?: Clock;
  /** Called at each frame, update and sight, for a record outside the process. */
  readonly onEvent?: (event: Readonly<Record<string, unknown>>) => void;
}

interface Peer {
  readonly id: number;
  readonly socket: Socket;
  clientId: string;
  ready: boolean;
  activity: Activity | undefined;
  readonly reader: FrameReader;
  timer: Disposable | undefined;
  /** When the last frame arrives, and those that have not arrived. */
  lastArrival: number;
  readonly late: Disposable[];
}

/** A stand-in for Discord on a unix socket that keeps Discord's own limits and records all. */
export class FakeDiscord implements AsyncDisposable {
  readonly path: string;
  readonly faults: Faults;
  readonly frames: ReceivedFrame[] = [];
  readonly updates: Update[] = [];
  readonly sights: Sight[] = [];
  readonly #clock: Clock;
  readonly #limits: DiscordLimits;
  readonly #onEvent: FakeDiscordOptions["onEvent"];
  readonly #peers = new Set<Peer>();
  readonly #connectedAt = new Map<string, number[]>();
  readonly #updatedAt = new Map<string, number[]>();
  #server: Server | undefined;
  #accepted = 0;

  private constructor(options: FakeDiscordOptions) {
    this.path = options.path;
    this.#clock = options.clock ?? systemClock;
    const speed = options.speed ?? 1;
    const limits = { ...realLimits, ...options.limits };
    this.#limits = {
      ...limits,
      connectionWindow: limits.connectionWindow / speed,
      updateWindow: limits.updateWindow / speed,
    };
    this.#onEvent = options.onEvent;
    this.faults = { ...noFaults, ...options.faults };
  }

  static async start(options: FakeDiscordOptions): Promise<FakeDiscord> {
    const fake = new FakeDiscord(options);
    await fake.listen();
    return fake;
  }

  /** Connections accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#peers.size;
  }

  /** What a friend sees now: of several connections the one that came first shows. */
  get visible(): Activity | undefined {
    return [...this.#peers].find((peer) => peer.activity !== undefined)?.activity;
  }

  /** Listens again on the same path. Discord's memory of limits ends with its process. */
  async listen(): Promise<void> {
    this.#connectedAt.clear();
    this.#updatedAt.clear();
    rmSync(this.path, { force: true });
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.path, resolve);
    });
  }

  /** Ends as a program that quits: connections closed, socket file gone. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.hangUp();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
    rmSync(this.path, { force: true });
  }

  /** Ends as a program that was killed: the socket file stays and nobody listens. */
  async crash(): Promise<void> {
    await this.stop();
    await leaveDeadSocket(this.path);
  }

  /** Ends all connections: politely (FIN) or by destroying them. */
  hangUp(how: "fin" | "destroy" = "destroy"): void {
    for (const peer of this.#peers) {
      if (how === "fin") peer.socket.end();
      else peer.socket.destroy();
    }
  }

  /** Sends a CLOSE frame to all, then hangs up as Discord does. */
  closeAll(code: number, message: string): void {
    for (const { socket } of this.#peers) socket.end(frame(2, { code, message }));
  }

  /** Throws the records away. */
  forget(): void {
    this.frames.length = this.updates.length = this.sights.length = 0;
  }

  /** Writes raw bytes to all connections. */
  write(bytes: Uint8Array): void {
    for (const { socket } of this.#peers) socket.write(bytes);
  }

  waitFor(condition: (fake: this) => boolean, what: string, deadlineMs = 20_000): Promise<void> {
    return until(
      () => condition(this),
      () => `${what}; ${this.#summary()}`,
      deadlineMs,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #summary(): string {
    const { accepted, open, frames, updates } = this;
    return JSON.stringify({ accepted, open, frames: frames.slice(-5), updates: updates.slice(-8) });
  }

  #accept(socket: Socket): void {
    this.#accepted += 1;
    const peer: Peer = {
      id: this.#accepted,
      socket,
      clientId: "",
      ready: false,
      activity: undefined,
      reader: new FrameReader(),
      timer: undefined,
      lastArrival: -Infinity,
      late: [],
    };
    this.#peers.add(peer);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => this.#read(peer, chunk));
    socket.on("close", () => {
      peer.timer?.[Symbol.dispose]();
      for (const late of peer.late) late[Symbol.dispose]();
      this.#peers.delete(peer);
      this.#look();
    });
  }

  #read(peer: Peer, chunk: Buffer): void {
    for (const { op, data } of peer.reader.feed(chunk)) {
      const received = { at: wallClock(), connection: peer.id, op, data };
      this.frames.push(received);
      this.#onEvent?.({ event: "frame", ...received });
      this.#take(peer, op, data);
    }
  }

  #take(peer: Peer, op: number, data: unknown): void {
    if (op === 0) return this.#handshake(peer, field(data, "client_id"));
    if (op === 3 && this.faults.pong) return this.#send(peer, 4, data);
    if (op === 2) peer.socket.end();
    if (op === 1 && peer.ready && field(data, "cmd") === "SET_ACTIVITY") {
      this.#arrive(peer, () => this.#update(peer, data));
    }
  }

  /** A pong follows at once; what has not arrived when the connection ends never does. */
  #arrive(peer: Peer, take: () => void): void {
    const now = this.#clock.monotonic();
    const at = Math.max(now + this.faults.arrivalDelay, peer.lastArrival);
    peer.lastArrival = at;
    if (at <= now) take();
    else peer.late.push(this.#clock.after(at - now, take));
  }

  #handshake(peer: Peer, clientId: unknown): void {
    const { handshake } = this.faults;
    if (handshake === "hang") return;
    if (handshake === "drop") return void peer.socket.destroy();
    const close = typeof handshake === "object" ? handshake : undefined;
    if (close !== undefined) return void peer.socket.end(frame(2, close));
    if (typeof clientId !== "string" || !/^\d{17,20}$/.test(clientId)) {
      return void peer.socket.end(frame(2, { code: 4000, message: "Invalid Client ID" }));
    }
    peer.clientId = clientId;
    const { connections, connectionWindow } = this.#limits;
    const now = this.#clock.monotonic();
    const past = (this.#connectedAt.get(clientId) ?? []).filter(
      (at) => at > now - connectionWindow,
    );
    const blocking = past.at(-connections);
    const readyAt = blocking === undefined ? now : Math.max(now, blocking + connectionWindow);
    this.#connectedAt.set(clientId, [...past, readyAt]);
    const wait = readyAt - now + this.faults.readyDelay;
    const ready = (): void => {
      peer.ready = true;
      const message = { cmd: "DISPATCH", data: this.faults.readyData, evt: "READY", nonce: null };
      this.#send(peer, 1, message);
      if (this.faults.flood) flood(peer.socket);
    };
    if (wait <= 0) ready();
    else peer.timer = this.#clock.after(wait, ready);
  }

  #update(peer: Peer, message: unknown): void {
    const args = field(message, "args");
    const given = field(args, "activity");
    const activity = isFields(given) ? given : undefined;
    const found = complaint(args);
    const now = this.#clock.monotonic();
    const { updates, updateWindow } = this.#limits;
    const past = (this.#updatedAt.get(peer.clientId) ?? []).filter((at) => at > now - updateWindow);
    const fate = found !== undefined ? "rejected" : past.length >= updates ? "dropped" : "shown";
    this.#updatedAt.set(peer.clientId, [...past, ...(fate === "dropped" ? [] : [now])]);
    const update = { at: wallClock(), connection: peer.id, activity, fate } as const;
    this.updates.push(found === undefined ? update : { ...update, complaint: found });
    this.#onEvent?.({ event: "update", ...update });
    if (fate === "shown") peer.activity = activity;
    this.#look();
    this.#answer(peer, field(message, "nonce"), activity, found);
  }

  #answer(
    peer: Peer,
    nonce: unknown,
    activity: Activity | undefined,
    found: string | undefined,
  ): void {
    const { reply } = this.faults;
    if (reply === "none") return;
    const cmd = "SET_ACTIVITY";
    if (reply === "error without data") return this.#send(peer, 1, { cmd, evt: "ERROR", nonce });
    const error = typeof reply === "object" ? reply : undefined;
    const refusal = error ?? (found === undefined ? undefined : { code: 4000, message: found });
    if (refusal !== undefined) {
      return this.#send(peer, 1, { cmd, data: refusal, evt: "ERROR", nonce });
    }
    const shown = { ...activity, application_id: peer.clientId, name: "Fake", type: 0 };
    this.#send(peer, 1, { cmd, data: activity === undefined ? null : shown, evt: null, nonce });
  }

  #look(): void {
    const { visible } = this;
    const last = this.sights.at(-1)?.activity;
    if (JSON.stringify(visible) === JSON.stringify(last)) return;
    const sight = { at: wallClock(), activity: visible };
    this.sights.push(sight);
    this.#onEvent?.({ event: "sight", ...sight });
  }

  #send(peer: Peer, op: number, data: unknown): void {
    const bytes = Buffer.concat([this.faults.before, frame(op, data)]);
    if (this.faults.writes === "whole") return void peer.socket.write(bytes);
    for (let at = 0; at < bytes.length; at += 1) peer.socket.write(bytes.subarray(at, at + 1));
  }
}
