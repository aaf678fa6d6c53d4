/**
 * What instances say to each other: one JSON object a line, 64 KiB at most. Sessions, cards and
 * answers travel as plain JSON that only the two ends understand. Types nobody knows are ignored, so
 * that versions can talk.
 */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The age (ms) of an ordinary send; of any other with what it was for, as the publisher names it. */
export type SendAge = number | readonly [age: number, purpose: string];

/** What a publisher leaves to the next one. */
export interface Inheritance {
  /** The sends that Discord still counts. */
  readonly sendAges: readonly SendAge[];
  /** When the card's timer began, ms since the epoch. */
  readonly timerStart: number | undefined;
}

/** What a person can ask of a publisher from another process. */
export const verbs = ["status", "why", "pause", "resume", "reconnect", "reload"] as const;
export type Verb = (typeof verbs)[number];

export type Message =
  /** The first word of whoever connects. The token only where the system names no peer. */
  | {
      readonly type: "hello";
      readonly role: "wrapper" | "taker" | "client";
      readonly pid: number;
      readonly version: string;
      /** Start of its run, ms since the epoch. */
      readonly startedAt: number;
      readonly token?: string;
    }
  /** The publisher's reply to it. */
  | { readonly type: "welcome"; readonly pid: number; readonly version: string }
  /** To the publisher: give the role to process `by`. */
  | { readonly type: "takeover"; readonly by: number }
  /** Its answer, once the card is cleared: the role is free. */
  | { readonly type: "bye"; readonly inheritance: Inheritance }
  /** To a waiting wrapper: what to go on from if the publisher is gone, and how many come first. */
  | { readonly type: "inherit"; readonly inheritance: Inheritance; readonly newer: number }
  /** To a waiting wrapper: the publisher ends; `to` is the process that takes over, if one asked. */
  | {
      readonly type: "handover";
      readonly inheritance: Inheritance;
      readonly newer: number;
      readonly to: number | undefined;
    }
  /** From a waiting wrapper: what it knows of its own session. */
  | { readonly type: "session"; readonly session: Json }
  | { readonly type: "ask"; readonly verb: Verb }
  | { readonly type: "answer"; readonly verb: Verb; readonly value: Json }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

export const noInheritance: Inheritance = { sendAges: [], timerStart: undefined };

/** Longest line, in bytes. */
export const maxMessage = 64 * 1024;

/** One line, or `undefined` for what is too long to be sent. */
export function encodeMessage(message: Message): string | undefined {
  const line = `${JSON.stringify(message)}\n`;
  // @guard message-sent-too-long
  return new TextEncoder().encode(line).length > maxMessage ? undefined : line;
}

/**
 * Understands one line: a message, `"unknown"` for an object of a type that we do not know, or
 * `undefined` for what no instance would send.
 */
export function parseMessage(line: string): Message | "unknown" | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // Not JSON, or nested beyond all reason.
  }
  return isFields(value) ? readMessage(value) : undefined;
}

/** Cuts a stream into lines, whatever its pieces; keeps at most one unfinished line. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest: Uint8Array[] = [];
  #held = 0;

  /** The lines that this piece completes; `undefined` as soon as one is too long. */
  feed(chunk: Uint8Array): readonly string[] | undefined {
    const lines: string[] = [];
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, from);
      const piece = chunk.subarray(from, end < 0 ? undefined : end);
      // @guard message-too-long
      if (this.#held + piece.length >= maxMessage) return undefined;
      this.#rest.push(piece.slice());
      this.#held += piece.length;
      if (end < 0) return lines;
      lines.push(this.#rest.map((part) => this.#decoder.decode(part, { stream: true })).join(""));
      this.#decoder.decode();
      this.#rest = [];
      this.#held = 0;
      from = end + 1;
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const roles = ["wrapper", "taker", "client"] as const;

function readMessage(fields: Fields): Message | "unknown" | undefined {
  switch (fields["type"]) {
    case "hello":
      return readHello(fields);
    case "welcome": {
      const [pid, version] = [count(fields["pid"]), short(fields["version"])];
      return pid === undefined || version === undefined
        ? undefined
        : { type: "welcome", pid, version };
    }
    case "takeover": {
      const by = count(fields["by"]);
      return by === undefined ? undefined : { type: "takeover", by };
    }
    case "bye":
      return { type: "bye", inheritance: readInheritance(fields["inheritance"]) };
    case "inherit":
    case "handover":
      return readHandover(fields["type"], fields);
    case "session": {
      const session = fields["session"];
      return isJson(session) ? { type: "session", session } : undefined;
    }
    case "ask":
    case "answer":
      return readVerb(fields["type"], fields);
    case "ping":
    case "pong":
      return { type: fields["type"] };
    default:
      return "unknown";
  }
}

function readHello(fields: Fields): Message | undefined {
  const role = roles.find((each) => each === fields["role"]);
  const [pid, startedAt] = [count(fields["pid"]), count(fields["startedAt"])];
  const [version, token] = [short(fields["version"]), short(fields["token"])];
  if (role === undefined || pid === undefined || startedAt === undefined) return undefined;
  if (version === undefined) return undefined;
  const hello = { type: "hello", role, pid, version, startedAt } as const;
  return token === undefined ? hello : { ...hello, token };
}

function readHandover(type: "inherit" | "handover", fields: Fields): Message {
  const inheritance = readInheritance(fields["inheritance"]);
  const newer = count(fields["newer"]) ?? 0;
  if (type === "inherit") return { type, inheritance, newer };
  return { type, inheritance, newer, to: count(fields["to"]) };
}

function readVerb(type: "ask" | "answer", fields: Fields): Message | "unknown" | undefined {
  const verb = verbs.find((each) => each === fields["verb"]);
  if (verb === undefined) return "unknown";
  if (type === "ask") return { type, verb };
  const value = fields["value"];
  return isJson(value) ? { type, verb, value } : undefined;
}

function readInheritance(value: unknown): Inheritance {
  if (!isFields(value)) return noInheritance;
  const ages = value["sendAges"];
  // @guard message-send-ages
  const sendAges = Array.isArray(ages) ? ages.slice(-16).map(readSendAge) : [];
  return { sendAges, timerStart: number(value["timerStart"]) };
}

function readSendAge(value: unknown): SendAge {
  if (!Array.isArray(value)) return number(value) ?? 0;
  const [age, purpose]: readonly unknown[] = value;
  const isPurpose = typeof purpose === "string" && /^[a-z]{1,16}$/.test(purpose);
  return isPurpose ? [number(age) ?? 0, purpose] : (number(age) ?? 0);
}

/** Whatever `JSON.parse` gives is JSON; only a missing value is not. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function number(value: unknown): number | undefined {
  // @guard message-number
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function count(value: unknown): number | undefined {
  const found = number(value);
  // @guard message-pid
  return found !== undefined && Number.isSafeInteger(found) ? found : undefined;
}

function short(value: unknown): string | undefined {
  // @guard message-text-length
  return typeof value === "string" && value.length <= 256 ? value : undefined;
}
