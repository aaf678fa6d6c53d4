import type { TokenCount } from "./event.ts";
import { findPrice, longPrompt, type Price, type PriceMap } from "./price.ts";

/** One answer of the model, as Codex reports what it took. */
export interface ModelResponse {
  /** ms since the epoch. */
  readonly at: number;
  /** The model of the response's own turn, as Codex names it. */
  readonly model?: string;
  /** What this response took. */
  readonly usage: TokenCount;
  /** What the thread took so far, this response included. */
  readonly total: TokenCount;
  /** The service's name for it. */
  readonly id?: string;
  /** The line's position in the thread's history; never used twice in one file. */
  readonly ordinal?: number;
}

/** Tokens of one model, by what is paid for them. */
interface Billed {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** What the responses of one thread took, by model; their cost follows from the prices. */
export interface Spent {
  /** Responses to prompts of ordinary length, and to those of more than `longPrompt` tokens. */
  readonly models: ReadonlyMap<string, { readonly short: Billed; readonly long: Billed }>;
  /** Some response's model is not known, or there were too many models. */
  readonly unknownModel: boolean;
  /** Responses were never seen: a file read from its middle, a lost line. */
  readonly missed: boolean;
  /** The thread's running total after the newest response, input and output together. */
  readonly counted: number | undefined;
  readonly newest: Pick<ModelResponse, "at" | "id" | "ordinal"> | undefined;
}

/** A thread before its first response. */
export const nothingSpent: Spent = {
  models: new Map(),
  unknownModel: false,
  missed: false,
  counted: 0,
  newest: undefined,
};

/**
 * A thread that goes on from another's history (a fork, a sub-agent with its parent's): its running
 * total may start with what the other one took, which is counted there.
 */
export const inherited: Spent = { ...nothingSpent, counted: undefined };

const maxModels = 32;

/**
 * Adds a response, unless it is counted already. Codex tells of each twice (`token_usage_record`
 * when it ends, `token_count` after its tools), repeats the newest count on other occasions, and a
 * file may be read again: what does not raise the thread's running total is no new response.
 */
export function addResponse(spent: Spent, response: ModelResponse): Spent {
  if (!isNew(spent, response)) return spent;
  const { at, model, usage, total, id, ordinal } = response;
  const newest = {
    at,
    ...(id === undefined ? {} : { id }),
    ...(ordinal === undefined ? {} : { ordinal }),
  };
  // Where a history goes on, the first `token_count` may repeat the other thread's last: a response
  // of this one has its usage record before.
  if (spent.counted === undefined && id === undefined && ordinal !== undefined) {
    return { ...spent, counted: size(total), newest };
  }
  const before = size(total) - size(usage);
  const restarted = spent.counted !== undefined && size(total) <= spent.counted;
  const expected = restarted ? 0 : spent.counted;
  const name = model?.trim().toLowerCase();
  const unknown =
    name === undefined ||
    name === "" ||
    (!spent.models.has(name) && spent.models.size >= maxModels);
  return {
    models: unknown ? spent.models : withUsage(spent.models, name, usage),
    unknownModel: spent.unknownModel || unknown,
    missed: spent.missed || (expected !== undefined && before > expected),
    counted: size(total),
    newest,
  };
}

/**
 * The cost of a thread: each response by its own model. `undefined` while there was none, and for
 * good as soon as one had a model without a price: never a guess.
 *
 * @param prices USD per million tokens by model, which come before the published ones
 * @returns `complete` is false where responses were missed, so that it cost more than this
 */
export function costOf(
  spent: Spent,
  prices: PriceMap = {},
): { readonly usd: number; readonly complete: boolean } | undefined {
  if (spent.unknownModel || spent.models.size === 0) return undefined;
  let usd = 0;
  for (const [model, { short, long }] of spent.models) {
    const price = findPrice(model, prices);
    if (price === undefined) return undefined;
    usd += bill(short, price) + bill(long, price.long ?? price);
  }
  return Number.isFinite(usd) ? { usd, complete: !spent.missed } : undefined;
}

function isNew({ counted, newest }: Spent, response: ModelResponse): boolean {
  const { at, id, ordinal, usage, total } = response;
  if (newest === undefined) return size(usage) > 0;
  if (ordinal !== undefined && newest.ordinal !== undefined && ordinal <= newest.ordinal) {
    return false;
  }
  if (id !== undefined && id === newest.id) return false;
  if (size(total) > (counted ?? 0)) return true;
  // A count that begins anew: its first response is all there is. Only by itself is a `token_count`
  // proof of that; beside usage records it may be an older response's that came late.
  const first = size(usage) > 0 && size(total) === size(usage);
  return first && at > newest.at && (id !== undefined || ordinal === undefined);
}

function withUsage(models: Spent["models"], name: string, usage: TokenCount): Spent["models"] {
  const before = models.get(name) ?? { short: nothing, long: nothing };
  const part = usage.input > longPrompt ? "long" : "short";
  return new Map([...models, [name, { ...before, [part]: plus(before[part], usage) }]]);
}

const nothing: Billed = { input: 0, cached: 0, output: 0 };

/** Cached tokens are part of the input, and cost less; reasoning is part of the output. */
function plus(billed: Billed, usage: TokenCount): Billed {
  const input = Math.max(0, usage.input);
  const cached = Math.min(input, Math.max(0, usage.cached));
  return {
    input: billed.input + input - cached,
    cached: billed.cached + cached,
    output: billed.output + Math.max(0, usage.output),
  };
}

function bill({ input, cached, output }: Billed, price: Price): number {
  return (input * price.input + cached * price.cached + output * price.output) / 1_000_000;
}

function size({ input, output }: TokenCount): number {
  return Math.max(0, input) + Math.max(0, output);
}
