import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { SessionEvent } from "../session/event.ts";
import { objectAt, listAt, numberAt, parseObject, textAt, type Json } from "./json.ts";
import { clientFrame, opcode, readWebSocket, upgradeRequest } from "./websocket.ts";

/** One connection to a socket, already on its way. Nothing throws. */
export interface DaemonSocket extends Disposable {
  write(bytes: Uint8Array): void;
}

export interface DaemonOptions {
  /** Connects to the daemon's socket; `undefined` where there is none, or it is not ours. */
  readonly connect: (
    onData: (chunk: Uint8Array) => void,
    onEnd: () => void,
  ) => DaemonSocket | undefined;
  readonly random: (bytes: number) => Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** The daemon says what a thread does; `undefined`: it says nothing of it any more. */
  onStatus(thread: string, event: SessionEvent | undefined): void;
  /** Nothing that was said holds any more: the connection is gone. */
  onLost(): void;
  /** A thread began or ended. */
  onThreads(): void;
}

/** How soon a daemon that is not there, or went away, is looked for again. */
const againMs = 15_000;
const initializeId = 1;
const utf8 = new TextEncoder();

/**
 * Listens to Codex's daemon, the one place where an approval shows that nobody's terminal tells of.
 * Says who it is and then nothing any more: it resumes, subscribes to and answers nothing, so no
 * thread stays loaded for it. That there is no daemon, or that it fails, is nobody's trouble.
 *
 * @see facts of the control socket in docs/codex.md
 */
export function openDaemon(options: DaemonOptions): Disposable {
  const { clock, log } = options;
  let connection: Disposable | undefined;
  let timer: Disposable | undefined;
  let disposed = false;

  function connect(): void {
    connection = openConnection(options, () => {
      connection = undefined;
      if (disposed) return;
      options.onLost();
      log.debug("daemon", "the connection ended");
      later();
    });
    if (connection === undefined) later();
  }

  function later(): void {
    if (!disposed) timer = clock.after(againMs, connect);
  }

  connect();
  return {
    [Symbol.dispose]: () => {
      disposed = true;
      timer?.[Symbol.dispose]();
      connection?.[Symbol.dispose]();
    },
  };
}

function openConnection(options: DaemonOptions, onEnd: () => void): Disposable | undefined {
  const { random, version, clock } = options;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    socket?.[Symbol.dispose]();
    onEnd();
  };
  const send = (kind: number, payload: Uint8Array): void =>
    socket?.write(clientFrame(kind, payload, random(4)));
  const say = (message: object): void => send(opcode.text, utf8.encode(JSON.stringify(message)));

  const reader = readWebSocket({
    onOpen: () => {
      const clientInfo = { name: "cdp", title: "Codex Discord Presence", version };
      const params = { clientInfo, capabilities: { experimentalApi: true } };
      say({ id: initializeId, method: "initialize", params });
    },
    onMessage: (text) => {
      const message = parseObject(text);
      if (message === undefined) return;
      if (isAnswer(message)) say({ method: "initialized" });
      else hear(message, options, clock.now());
    },
    onPing: (payload) => send(opcode.pong, payload.subarray(0, 125)),
    onEnd: end,
  });
  const socket = options.connect((chunk) => {
    if (!ended) reader.feed(chunk);
  }, end);
  socket?.write(utf8.encode(upgradeRequest(random(16).toBase64())));
  return socket === undefined ? undefined : { [Symbol.dispose]: end };
}

function isAnswer(message: Json): boolean {
  return numberAt(message, "id") === initializeId && message["method"] === undefined;
}

/** Requests to us have an `id`; they are somebody else's to answer. */
function hear(message: Json, options: DaemonOptions, at: number): void {
  const params = objectAt(message, "params");
  const thread = textAt(params, "threadId");
  const method = textAt(message, "method");
  if (method === "thread/started" || method === "thread/closed") options.onThreads();
  if (method !== "thread/status/changed" || thread === undefined) return;
  options.onStatus(thread, statusEvent(objectAt(params, "status"), at));
}

/** What the daemon says of a thread, in the words of the program status. */
function statusEvent(status: Json | undefined, at: number): SessionEvent | undefined {
  const flags = listAt(status, "activeFlags");
  const type = textAt(status, "type");
  if (type === "idle") return { type: "statusReported", at, state: "idle" };
  if (type === "systemError") return { type: "statusReported", at, state: "error" };
  if (type !== "active") return undefined;
  if (flags.includes("waitingOnApproval")) {
    return { type: "statusReported", at, state: "blocked", kind: "permission" };
  }
  if (flags.includes("waitingOnUserInput")) {
    return { type: "statusReported", at, state: "blocked", kind: "question" };
  }
  return { type: "statusReported", at, state: "working" };
}
