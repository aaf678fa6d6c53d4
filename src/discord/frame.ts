/** Operations of Discord's local protocol: a frame is op, length (both u32 LE) and JSON. */
export const op = { handshake: 0, frame: 1, close: 2, ping: 3, pong: 4 } as const;

export type Op = (typeof op)[keyof typeof op];

/** Discord's own frames are a few KiB; a longer one is a mistake or an attack. */
export const maxFrameBytes = 1024 * 1024;

/** One frame from the other side, as far as we have a use for it. */
export type Incoming =
  | { readonly kind: "message"; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly kind: "close"; readonly code: number; readonly message: string }
  | { readonly kind: "ping"; readonly data: unknown }
  | { readonly kind: "pong"; readonly data: unknown }
  | { readonly kind: "oversize"; readonly length: number };

const headerBytes = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A whole frame in one piece, so that one write carries it. `undefined` data is an empty body. */
export function encodeFrame(operation: Op, data: unknown): Uint8Array {
  const body = data === undefined ? new Uint8Array(0) : encoder.encode(JSON.stringify(data));
  const frame = new Uint8Array(headerBytes + body.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, operation, true);
  view.setUint32(4, body.length, true);
  frame.set(body, headerBytes);
  return frame;
}

/**
 * Turns chunks into frames and keeps the unfinished one. Each byte is copied once, into a body of
 * the announced length. Messages that are not objects, JSON that does not parse and unknown
 * operations are skipped. After `oversize` the stream has lost its place: nothing more comes.
 */
export class FrameDecoder {
  readonly #header = new Uint8Array(headerBytes);
  #headerFill = 0;
  #body: Uint8Array | undefined;
  #bodyFill = 0;
  #lost = false;
  #ended = 0;

  /** Frames that came to their end so far, with those that were skipped. */
  get ended(): number {
    return this.#ended;
  }

  feed(chunk: Uint8Array): readonly Incoming[] {
    const frames: Incoming[] = [];
    let rest = chunk;
    while (!this.#lost && rest.length > 0) {
      rest = this.#body === undefined ? this.#takeHeader(rest, frames) : this.#takeBody(rest);
      if (this.#body === undefined || this.#bodyFill < this.#body.length) continue;
      this.#ended += 1;
      const frame = interpret(this.#operation, parse(this.#body));
      if (frame !== undefined) frames.push(frame);
      this.#body = undefined;
      this.#headerFill = 0;
    }
    return frames;
  }

  get #operation(): number {
    return new DataView(this.#header.buffer).getUint32(0, true);
  }

  #takeHeader(bytes: Uint8Array, frames: Incoming[]): Uint8Array {
    const taken = bytes.subarray(0, headerBytes - this.#headerFill);
    this.#header.set(taken, this.#headerFill);
    this.#headerFill += taken.length;
    if (this.#headerFill === headerBytes) {
      const length = new DataView(this.#header.buffer).getUint32(4, true);
      // @guard frame-length
      if (length > maxFrameBytes) {
        this.#lost = true;
        frames.push({ kind: "oversize", length });
      } else {
        this.#body = new Uint8Array(length);
        this.#bodyFill = 0;
      }
    }
    return bytes.subarray(taken.length);
  }

  #takeBody(bytes: Uint8Array): Uint8Array {
    if (this.#body === undefined) return bytes;
    const taken = bytes.subarray(0, this.#body.length - this.#bodyFill);
    this.#body.set(taken, this.#bodyFill);
    this.#bodyFill += taken.length;
    return bytes.subarray(taken.length);
  }
}

/** True for what JSON calls an object: neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  // @guard frame-record
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined; // Lost: a body that is not JSON, which no frame of ours needs.
  }
}

function interpret(operation: number, data: unknown): Incoming | undefined {
  switch (operation) {
    case op.frame:
      return isRecord(data) ? { kind: "message", payload: data } : undefined;
    case op.close:
      return { kind: "close", ...closeReason(data) };
    case op.ping:
      return { kind: "ping", data };
    case op.pong:
      return { kind: "pong", data };
    default:
      return undefined;
  }
}

function closeReason(data: unknown): { readonly code: number; readonly message: string } {
  const reason = isRecord(data) ? data : {};
  const { code, message } = reason;
  return {
    code: typeof code === "number" ? code : 1006,
    // @guard frame-close-text
    message: typeof message === "string" ? message.slice(0, 200) : "",
  };
}
