import type { Limits, LimitWindow, TokenCount } from "../session/event.ts";
import { readFields } from "./field.ts";
import * as fields from "./fields.ts";
import { optional, type Json } from "./json.ts";

/** What a `token_count` event says; either part may be missing. */
export interface TokenReport {
  /** `last` is absent where only the running total is reported. */
  readonly usage?: { readonly total: TokenCount; readonly last?: TokenCount };
  readonly contextWindow?: number;
  readonly limits?: Limits;
  /** At which the last response is billed; by the settings where absent. */
  readonly serviceTier?: string;
}

/** What a `token_usage_record` says: what one response took, and its thread up to then. */
export interface ResponseReport {
  readonly id?: string;
  readonly usage: TokenCount;
  readonly total: TokenCount;
  readonly serviceTier?: string;
}

export function readUsageRecord(
  payload: Json,
): (ResponseReport & { readonly turn?: string }) | undefined {
  const { usage, total, ...more } = readFields(fields.usageRecord, payload);
  if (usage === undefined || total === undefined) return undefined;
  return { ...more, usage: usageOf(usage), total: usageOf(total) };
}

/**
 * Reads the payload of `token_count`: `info` is null for a response that failed.
 *
 * @param at when the line was written, ms since the epoch
 */
export function readTokenCount(payload: Json, at: number): TokenReport {
  const { total, last, limits, ...more } = readFields(fields.count, payload);
  const usage =
    total === undefined
      ? undefined
      : { total: usageOf(total), ...optional("last", last === undefined ? last : usageOf(last)) };
  return {
    ...optional("usage", usage),
    ...more,
    ...optional("limits", limits === undefined ? undefined : limitsOf(limits, at)),
  };
}

function usageOf(payload: Json): TokenCount {
  const values = readFields(fields.tokens, payload);
  const { input = 0, output = 0, cacheWrite = 0 } = values;
  return {
    input,
    cached: values.cached ?? 0,
    ...(cacheWrite > 0 ? { cacheWrite } : {}),
    output,
    reasoning: values.reasoning ?? 0,
    total: values.total ?? input + output,
  };
}

function limitsOf(payload: Json, at: number): Limits | undefined {
  const { id, name, primary, secondary, credits, plan } = readFields(fields.limits, payload);
  const windows = [primary, secondary]
    .map((window) => (window === undefined ? undefined : windowOf(window, at)))
    .filter((window) => window !== undefined);
  // An account without any, as with a key of one's own: that says nothing about another's.
  if (windows.length === 0 && credits === undefined && plan === undefined) return undefined;
  return {
    ...optional("id", id),
    ...optional("name", name),
    windows,
    ...optional("plan", plan),
    ...optional("credits", credits === undefined ? undefined : creditsOf(credits)),
  };
}

function creditsOf(payload: Json): NonNullable<Limits["credits"]> {
  const { has = false, unlimited = false, balance } = readFields(fields.credits, payload);
  return { has, unlimited, ...optional("balance", balance) };
}

function windowOf(payload: Json, at: number): LimitWindow | undefined {
  const { usedPercent, minutes, resetsAt, resetsInSeconds } = readFields(
    fields.limitWindow,
    payload,
  );
  if (usedPercent === undefined) return undefined;
  const later = resetsInSeconds === undefined ? undefined : at + resetsInSeconds * 1000;
  return {
    usedPercent,
    ...optional("minutes", minutes),
    ...optional("resetsAt", resetsAt ?? later),
  };
}
