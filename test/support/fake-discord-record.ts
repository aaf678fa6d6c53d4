export type Activity = Readonly<Record<string, unknown>>;

/** A frame from a client. `at`: wall clock, ms with fractions, comparable between processes. */
export interface ReceivedFrame {
  readonly at: number;
  readonly connection: number;
  readonly op: number;
  readonly data: unknown;
}

/** One SET_ACTIVITY and what became of it. */
export interface Update {
  readonly at: number;
  readonly connection: number;
  readonly activity: Activity | undefined;
  readonly fate: "shown" | "dropped" | "rejected";
  readonly complaint?: string;
}

/** A change of what a friend sees; `undefined` is no card. */
export interface Sight {
  readonly at: number;
  readonly activity: Activity | undefined;
}

/** How the fake misbehaves; may be changed at any time. */
export interface Faults {
  handshake: "ready" | "hang" | "drop" | { readonly code: number; readonly message: string };
  /** Delays READY by so many ms beyond what the limits do. */
  readyDelay: number;
  /** What a client sends is read so late, ms of the fake's clock, and in its order. */
  arrivalDelay: number;
  reply:
    | "normal"
    | "none"
    | "error without data"
    | { readonly code: number; readonly message: string };
  pong: boolean;
  /** `bytes`: every frame in one-byte writes. */
  writes: "whole" | "bytes";
  /** Raw bytes written before READY and before each reply, in the same write. */
  before: Buffer;
  /** Sends pings without end once it has said READY. */
  flood: boolean;
  /** Fields of READY's data. */
  readyData: unknown;
}

export const noFaults: Faults = {
  handshake: "ready",
  readyDelay: 0,
  arrivalDelay: 0,
  reply: "normal",
  pong: true,
  writes: "whole",
  before: Buffer.alloc(0),
  flood: false,
  readyData: {
    v: 1,
    config: { cdn_host: "cdn.discordapp.com", api_endpoint: "//discord.com/api" },
    user: { id: "100000000000000001", username: "fake", discriminator: "0" },
  },
};
