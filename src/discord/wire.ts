import type { SocketPlace } from "./socket-paths.ts";

/**
 * Why a wire ended. `closed` is Discord's own CLOSE frame; `foreign`: the process at the other end
 * is, or may be, another user's, and was sent nothing; `lost` is everything else.
 */
export type WireEnd =
  | { readonly kind: "closed"; readonly code: number; readonly message: string }
  | { readonly kind: "foreign"; readonly reason: string }
  | { readonly kind: "lost"; readonly reason: string; readonly code: string | undefined };

/** Discord's answer to one SET_ACTIVITY. `unanswered` is ours: the wire ended, or too long a wait. */
export type Reply =
  | { readonly kind: "accepted" }
  | { readonly kind: "rejected"; readonly code: number; readonly message: string }
  | { readonly kind: "unanswered"; readonly reason: string };

/** What a wire tells whoever opened it. `ended` comes once, and nothing after it. */
export interface WireEvents {
  /** The socket was accepted and the handshake is on its way. */
  opened(): void;
  /** READY. `edition`: `stable`, `ptb` or `canary`, where Discord tells. */
  ready(edition: string | undefined): void;
  pong(data: unknown): void;
  ended(end: WireEnd): void;
}

/** One socket to one Discord, from connect to close. Nothing here throws or rejects. */
export interface Wire {
  /** Hands SET_ACTIVITY to the socket before it returns. `undefined` clears. */
  setActivity(activity: object | undefined): Promise<Reply>;
  ping(data: string): void;
  /** Closes at once and forgets whatever waits for an answer. Idempotent. */
  close(): void;
}

export type OpenWire = (clientId: string, place: SocketPlace, events: WireEvents) => Wire;
