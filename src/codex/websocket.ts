import { joinBytes } from "../lib/bytes.ts";

/** The part of RFC 6455 that a client of a local socket needs: no extensions, text only. */

/** Bytes of an HTTP answer or of one message that are looked at; more ends the connection. */
const maxHead = 16_384;
const maxMessage = 1_048_576;
const utf8 = new TextDecoder();
const latin1 = new TextDecoder("latin1");

export interface WebSocketListener {
  /** The server speaks WebSocket. */
  onOpen(): void;
  onMessage(text: string): void;
  /** To be answered with the same bytes. */
  onPing(payload: Uint8Array): void;
  /** The server closes, or says something that is not WebSocket; nothing follows. */
  onEnd(): void;
}

/** The request that asks a server to speak WebSocket; `key`: 16 random bytes, in base64. */
export function upgradeRequest(key: string): string {
  const lines = [
    "GET / HTTP/1.1",
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
    "Sec-WebSocket-Version: 13",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

export const opcode = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** One whole frame from a client; `mask`: 4 random bytes. */
export function clientFrame(kind: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError("a frame of ours is never that long");
  const [first = 0, ...more] = size;
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return new Uint8Array([0x80 | kind, 0x80 | first, ...more, ...mask, ...masked]);
}

/** Reads what the server sends, cut anywhere. */
export function readWebSocket(listener: WebSocketListener): { feed(chunk: Uint8Array): void } {
  let held: Uint8Array = new Uint8Array();
  let state: "head" | "frames" | "ended" = "head";
  let parts: Uint8Array[] = [];

  function end(): void {
    if (state === "ended") return;
    state = "ended";
    held = new Uint8Array();
    parts = [];
    listener.onEnd();
  }

  function takeHead(): boolean {
    const text = latin1.decode(held.subarray(0, maxHead));
    const length = text.indexOf("\r\n\r\n");
    if (length < 0) {
      if (held.length >= maxHead) end();
      return false;
    }
    held = held.subarray(length + 4);
    if (!text.startsWith("HTTP/1.1 101 ")) {
      end();
      return false;
    }
    state = "frames";
    listener.onOpen();
    return true;
  }

  function takeFrame(): boolean {
    const frame = frameAt(held);
    if (frame === "broken") end();
    if (typeof frame === "string") return false;
    held = held.subarray(frame.size);
    if (frame.kind >= opcode.close) takeControl(frame);
    else takePart(frame);
    return state === "frames";
  }

  function takeControl({ kind, payload }: Frame): void {
    if (kind === opcode.ping) listener.onPing(payload.slice());
    if (kind === opcode.close) end();
  }

  function takePart({ final, payload }: Frame): void {
    parts.push(payload.slice());
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length > maxMessage) return end();
    if (!final) return undefined;
    const message = joinBytes(parts);
    parts = [];
    listener.onMessage(utf8.decode(message));
  }

  return {
    feed(chunk) {
      if (state === "ended") return;
      held = joinBytes([held, chunk]);
      let more = true;
      while (more) more = state === "head" ? takeHead() : takeFrame();
    },
  };
}

interface Frame {
  readonly final: boolean;
  readonly kind: number;
  readonly payload: Uint8Array;
  readonly size: number;
}

/** The frame at the beginning of `bytes`; servers never mask. */
function frameAt(bytes: Uint8Array): Frame | "unfinished" | "broken" {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return "unfinished";
  const extra = second === 126 ? 2 : second === 127 ? 8 : 0;
  if (bytes.length < 2 + extra) return "unfinished";
  const number = bytes.subarray(2, 2 + extra).reduce((sum, byte) => sum * 256 + byte, 0);
  const length = extra === 0 ? second : number;
  if (second > 127 || length > maxMessage) return "broken";
  const size = 2 + extra + length;
  if (bytes.length < size) return "unfinished";
  const payload = bytes.subarray(2 + extra, size);
  return { final: first >= 128, kind: first & 15, payload, size };
}
