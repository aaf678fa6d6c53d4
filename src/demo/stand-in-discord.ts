import { createServer, type Server, type Socket } from "node:net";
import { encodeFrame, isRecord, maxFrameBytes, op } from "../discord/frame.ts";

/** A card as it arrived: `undefined` when it was taken away, by word or by hanging up. */
export interface ReceivedCard {
  /** Wall clock, ms since the epoch. */
  readonly at: number;
  readonly activity: Readonly<Record<string, unknown>> | undefined;
}

/** A Discord of our own, as far as Rich Presence needs one; it forwards nothing. */
export interface StandInDiscord extends AsyncDisposable {
  /** What the socket received, oldest first. */
  readonly cards: readonly ReceivedCard[];
}

/** A demo sends some ten cards; whoever else finds the socket cannot fill the memory. */
const maxCards = 500;
const maxConnections = 8;

/**
 * Listens on a Unix socket (or a Windows pipe) and answers as Discord does: READY to a handshake,
 * an echo to SET_ACTIVITY, PONG to PING. Nothing a client sends makes it throw.
 *
 * @throws when the socket cannot be opened
 */
export async function openStandInDiscord(path: string): Promise<StandInDiscord> {
  const cards: ReceivedCard[] = [];
  const sockets = new Set<Socket>();
  const receive = (activity: ReceivedCard["activity"]): void => {
    if (cards.length < maxCards) cards.push({ at: Date.now(), activity });
  };
  const server = createServer((socket) => {
    if (sockets.size >= maxConnections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, receive);
  });
  await listening(server, path);
  return {
    cards,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      // A failing accept loses that client only.
      server.on("error", () => undefined);
      resolve();
    });
  });
}

function serve(socket: Socket, receive: (activity: ReceivedCard["activity"]) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  let greeted = false;
  let shown = false;
  const hangUp = (code: number, message: string): void => {
    socket.end(encodeFrame(op.close, { code, message }));
  };
  const onMessage = (message: Readonly<Record<string, unknown>>): void => {
    const { cmd, nonce, args } = message;
    if (cmd !== "SET_ACTIVITY") return;
    const activity = isRecord(args) && isRecord(args["activity"]) ? args["activity"] : undefined;
    shown = activity !== undefined;
    receive(activity);
    socket.write(encodeFrame(op.frame, { cmd, data: activity ?? null, evt: null, nonce }));
  };
  const onFrame = (operation: number, body: Buffer): void => {
    const data = parse(body);
    if (operation === op.close) socket.end();
    else if (operation === op.ping) socket.write(encodeFrame(op.pong, data));
    else if (operation === op.handshake && !greeted) {
      greeted = isRecord(data) && typeof data["client_id"] === "string";
      if (greeted) socket.write(encodeFrame(op.frame, ready));
      else hangUp(4000, "Invalid Client ID");
    } else if (operation === op.frame && greeted && isRecord(data)) onMessage(data);
  };
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 8 && socket.writable) {
      const end = 8 + pending.readUInt32LE(4);
      if (end > maxFrameBytes) return hangUp(1003, "Frame too long");
      if (pending.length < end) return;
      onFrame(pending.readUInt32LE(0), pending.subarray(8, end));
      pending = pending.subarray(end);
    }
  });
  socket.on("error", () => undefined); // "close" follows.
  socket.on("close", () => {
    if (shown) receive(undefined);
  });
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

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined; // Lost: a body that is not JSON.
  }
}
