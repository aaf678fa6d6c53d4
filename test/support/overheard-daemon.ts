import { lstatSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** Who connected to a daemon through us, and what was said, in the order it was. */
export interface Overheard extends AsyncDisposable {
  /** Messages of all clients, parsed; `undefined` for what is no JSON text (a close, a ping). */
  readonly sent: readonly (Message | undefined)[];
  /** Bytes that went to the daemon, after the requests to speak WebSocket. */
  readonly connections: number;
}

export interface Message {
  readonly id?: number;
  readonly method?: string;
}

/**
 * Stands between the daemon of a Codex home and whoever connects to it from now on: the link in
 * the home leads to a socket of ours, which passes every byte on and reads those of the clients.
 */
export async function overhearDaemon(codexHome: string): Promise<Overheard> {
  const link = join(codexHome, "app-server-control/app-server-control.sock");
  if (!lstatSync(link).isSymbolicLink()) throw new Error(`${link} is no link any more`);
  const real = readlinkSync(link);
  const ours = `${link}.overheard`;
  const sent: (Message | undefined)[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const daemon = connect(real);
    const reader = readClient((message) => sent.push(message));
    for (const [from, to] of [
      [client, daemon],
      [daemon, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => to.write(chunk));
      from.on("close", () => to.destroy());
      from.on("error", () => to.destroy());
    }
    client.on("data", reader);
  });
  await new Promise<void>((resolve) => void server.listen(ours, resolve));
  relink(ours, link);
  return {
    sent,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      relink(real, link);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function relink(target: string, link: string): void {
  const fresh = `${link}.new`;
  symlinkSync(target, fresh);
  unlinkSync(link);
  renameSync(fresh, link);
}

/** Reads what a WebSocket client says: the request, then frames with a mask. */
function readClient(onMessage: (message: Message | undefined) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  let greeted = false;
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    const end = held.indexOf("\r\n\r\n");
    if (!greeted && end < 0) return;
    if (!greeted) held = held.subarray(end + 4);
    greeted = true;
    for (let frame = frameOf(held); frame !== undefined; frame = frameOf(held)) {
      held = held.subarray(frame.size);
      onMessage(frame.kind === 1 ? (JSON.parse(frame.text) as Message) : undefined);
    }
  };
}

function frameOf(bytes: Buffer): { size: number; kind: number; text: string } | undefined {
  if (bytes.length < 6) return undefined;
  const short = bytes[1]! & 127;
  if (short === 127) throw new Error("a client of ours never says that much");
  const begin = short === 126 ? 4 : 2;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const size = begin + 4 + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(begin, begin + 4);
  const payload = bytes.subarray(begin + 4, size).map((byte, i) => byte ^ mask[i % 4]!);
  return { size, kind: bytes[0]! & 15, text: Buffer.from(payload).toString("utf8") };
}
