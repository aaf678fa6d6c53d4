import { isRecord } from "./frame.ts";

/** A message of Discord that somebody waits for. Everything else is nobody's business. */
export type Message =
  | { readonly kind: "ready"; readonly edition: string | undefined }
  | { readonly kind: "reply"; readonly nonce: string; readonly data: unknown }
  | {
      readonly kind: "error";
      readonly nonce: string;
      readonly code: number;
      readonly message: string;
    };

/** Discord's own "unknown error", for an ERROR that names no code. */
const unknownError = 1000;

/**
 * Reads READY and replies out of an untrusted payload; `undefined` for anything else. An ERROR
 * without data is still an error, and names that an emitter would throw at never reach it.
 */
export function readMessage(payload: Readonly<Record<string, unknown>>): Message | undefined {
  const { cmd, evt, nonce, data } = payload;
  if (cmd === "DISPATCH" && evt === "READY") return { kind: "ready", edition: editionOf(data) };
  if (typeof nonce !== "string") return undefined;
  if (evt !== "ERROR") return { kind: "reply", nonce, data };
  const reason = isRecord(data) ? data : {};
  return {
    kind: "error",
    nonce,
    code: typeof reason["code"] === "number" ? reason["code"] : unknownError,
    // @guard discord-error-text
    message: typeof reason["message"] === "string" ? reason["message"].slice(0, 500) : "no reason",
  };
}

/** Which Discord it is, by the address of its own API (`//canary.discord.com/api`). */
function editionOf(data: unknown): string | undefined {
  const config = isRecord(data) ? data["config"] : undefined;
  const endpoint = isRecord(config) ? config["api_endpoint"] : undefined;
  if (typeof endpoint !== "string") return undefined;
  const host = /^(?:https?:)?\/\/(?:(ptb|canary)\.)?discord\.com\//.exec(endpoint);
  return host === null ? undefined : (host[1] ?? "stable");
}
