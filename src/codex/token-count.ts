import type { Limits, LimitWindow, TokenCount } from "../session/event.ts";
import { numberAt, objectAt, optional, textAt, type Json } from "./json.ts";

/** What a `token_count` event says; either part may be missing. */
export interface TokenReport {
  readonly usage?: { readonly total: TokenCount; readonly last: TokenCount };
  readonly contextWindow?: number;
  readonly limits?: Limits;
}

/** What a `token_usage_record` says: what one response took, and its thread up to then. */
export interface ResponseReport {
  readonly id?: string;
  readonly usage: TokenCount;
  readonly total: TokenCount;
}

export function readUsageRecord(payload: Json): ResponseReport | undefined {
  const usage = usageOf(objectAt(payload, "usage"));
  const total = usageOf(objectAt(payload, "thread_token_usage"));
  if (usage === undefined || total === undefined) return undefined;
  return { ...optional("id", textAt(payload, "response_id")), usage, total };
}

/** Reads the payload of `token_count`: `info` is null for a response that failed. */
export function readTokenCount(payload: Json): TokenReport {
  const info = objectAt(payload, "info");
  const total = usageOf(objectAt(info, "total_token_usage"));
  const last = usageOf(objectAt(info, "last_token_usage"));
  return {
    ...(total === undefined || last === undefined ? {} : { usage: { total, last } }),
    ...optional("contextWindow", numberAt(info, "model_context_window")),
    ...optional("limits", limitsOf(objectAt(payload, "rate_limits"))),
  };
}

function usageOf(usage: Json | undefined): TokenCount | undefined {
  if (usage === undefined) return undefined;
  const input = numberAt(usage, "input_tokens") ?? 0;
  const output = numberAt(usage, "output_tokens") ?? 0;
  return {
    input,
    cached: numberAt(usage, "cached_input_tokens") ?? 0,
    output,
    reasoning: numberAt(usage, "reasoning_output_tokens") ?? 0,
    total: numberAt(usage, "total_tokens") ?? input + output,
  };
}

function limitsOf(limits: Json | undefined): Limits | undefined {
  if (limits === undefined) return undefined;
  const windows = [objectAt(limits, "primary"), objectAt(limits, "secondary")]
    .map(windowOf)
    .filter((window) => window !== undefined);
  const credits = objectAt(limits, "credits");
  const plan = textAt(limits, "plan_type");
  // An account without any, as with a key of one's own: that says nothing about another's.
  if (windows.length === 0 && credits === undefined && plan === undefined) return undefined;
  return {
    windows,
    ...optional("plan", plan),
    ...(credits === undefined
      ? {}
      : {
          credits: {
            has: credits["has_credits"] === true,
            unlimited: credits["unlimited"] === true,
            ...optional("balance", textAt(credits, "balance")),
          },
        }),
  };
}

function windowOf(window: Json | undefined): LimitWindow | undefined {
  const usedPercent = numberAt(window, "used_percent");
  if (usedPercent === undefined) return undefined;
  const resetsAt = numberAt(window, "resets_at");
  return {
    usedPercent,
    ...optional("minutes", numberAt(window, "window_minutes")),
    // Codex writes seconds.
    ...optional("resetsAt", resetsAt === undefined ? undefined : resetsAt * 1000),
  };
}
