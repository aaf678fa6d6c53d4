import type { Socket } from "node:net";
import { renameSync } from "node:fs";
import { createServer } from "node:net";

/** A frame of Discord's protocol, written here anew so that a mistake in ours cannot hide. */
export function frame(op: number, data: unknown): Buffer {
  return rawFrame(op, Buffer.from(data === undefined ? "" : JSON.stringify(data)));
}

export function rawFrame(op: number, body: Buffer, length = body.length): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(op, 0);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, body]);
}

/** Wall clock with fractions of a ms. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}

export function field(value: unknown, name: string): unknown {
  return isFields(value) ? value[name] : undefined;
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes chunks, gives whole frames. */
export class FrameReader {
  #buffer: Buffer = Buffer.alloc(0);

  feed(chunk: Buffer): readonly { readonly op: number; readonly data: unknown }[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const frames: { op: number; data: unknown }[] = [];
    while (this.#buffer.length >= 8) {
      const length = this.#buffer.readUInt32LE(4);
      if (this.#buffer.length < 8 + length) break;
      const body = this.#buffer.subarray(8, 8 + length).toString();
      frames.push({
        op: this.#buffer.readUInt32LE(0),
        data: body === "" ? undefined : JSON.parse(body),
      });
      this.#buffer = this.#buffer.subarray(8 + length);
    }
    return frames;
  }
}

/** Leaves a socket file at which nobody listens, as a killed program does. */
export async function leaveDeadSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.dead`, resolve));
  // A server unlinks the name that it was given, and no other.
  renameSync(`${path}.dead`, path);
  await new Promise((resolve) => server.close(resolve));
}

/** As fast as the other side reads. */
export function flood(socket: Socket): void {
  const pings = Buffer.concat(Array.from({ length: 500 }, () => frame(3, "ping")));
  const more = (): void => {
    if (socket.destroyed) return;
    if (socket.write(pings)) setImmediate(more);
    else socket.once("drain", more);
  };
  more();
}
