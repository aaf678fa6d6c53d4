import { createServer, type Socket } from "node:net";
import { objectAt, parseObject, textAt, type Json } from "../codex/json.ts";
import { encodeFrame, maxFrameBytes, op } from "../discord/frame.ts";

/** A card as it arrived: `undefined` when it was taken away, by word or by hanging up. */
export interface ReceivedCard {
  /** Wall clock, ms since the epoch. */
  readonly at: number;
  readonly activity: Json | undefined;
}

/** A Discord of our own, as far as Rich Presence needs one; it forwards nothing. */
export interface StandInDiscord extends AsyncDisposable {
  /** What the socket received, oldest first. */
  readonly cards: readonly ReceivedCard[];
}

/** A demo sends some ten cards; whoever else finds the socket cannot fill the memory. */
const maxCards = 500;

/**
 * Listens on a Unix socket (or a Windows pipe) and answers as Discord does: READY to a handshake,
 * an echo to SET_ACTIVITY, PONG to PING. Nothing a client sends makes it throw.
 *
 * @param onCard told of each card as it arrives
 * @throws when the socket cannot be opened
 */
export async function openStandInDiscord(
  path: string,
  onCard: (card: ReceivedCard) => void = () => undefined,
): Promise<StandInDiscord> {
  const cards: ReceivedCard[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, (activity) => {
      if (cards.length >= maxCards) return;
      const card = { at: Date.now(), activity };
      cards.push(card);
      onCard(card);
    });
  });
  await new Promise<void>((resolve, reject) => {
    // Once it listens, an error is a client that could not be accepted: lost, and nothing else.
    server.on("error", reject);
    server.listen(path, resolve);
  });
  return {
    cards,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

/** One client: bytes in, frames out; bounded by the longest frame. */
function serve(socket: Socket, receive: (activity: Json | undefined) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  let greeted = false;
  let shown = false;
  const setActivity = (args: Json | undefined, nonce: unknown): void => {
    const activity = objectAt(args, "activity");
    shown = activity !== undefined;
    receive(activity);
    const reply = { cmd: "SET_ACTIVITY", data: activity ?? null, evt: null, nonce };
    socket.write(encodeFrame(op.frame, reply));
  };
  const onFrame = (operation: number, frame: Buffer): void => {
    const message = parseObject(frame.toString("utf8", headerBytes));
    if (operation === op.close) socket.end();
    if (operation === op.ping) socket.write(withOperation(op.pong, frame));
    if (operation === op.handshake && !greeted) {
      greeted = textAt(message, "client_id") !== undefined;
      if (greeted) socket.write(encodeFrame(op.frame, ready));
      else socket.end(encodeFrame(op.close, { code: 4000, message: "Invalid Client ID" }));
    }
    if (operation === op.frame && greeted && message?.["cmd"] === "SET_ACTIVITY") {
      setActivity(objectAt(message, "args"), message["nonce"]);
    }
  };
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= headerBytes && socket.writable) {
      const end = headerBytes + pending.readUInt32LE(4);
      if (end > maxFrameBytes) {
        socket.end(encodeFrame(op.close, { code: 1003, message: "Frame too long" }));
        return;
      }
      if (pending.length < end) return;
      onFrame(pending.readUInt32LE(0), pending.subarray(0, end));
      pending = pending.subarray(end);
    }
  });
  socket.on("error", () => undefined); // "close" follows.
  socket.on("close", () => {
    if (shown) receive(undefined);
  });
}

/** Operation and length, 4 bytes each. */
const headerBytes = 8;

function withOperation(operation: number, frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt32LE(operation, 0);
  return copy;
}

const ready = {
  cmd: "DISPATCH",
  evt: "READY",
  nonce: null,
  data: {
    v: 1,
    config: {
      cdn_host: "cdn.discordapp.com",
      api_endpoint: "//discord.com/api",
      environment: "production",
    },
    user: { id: "1", username: "you", discriminator: "0", global_name: "You", avatar: null },
  },
};
