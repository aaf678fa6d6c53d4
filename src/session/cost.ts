import type { TokenCount } from "./event.ts";
import { findPrice, longPrompt, tierOf, type Price, type PriceMap } from "./price.ts";

/** One answer of the model, as Codex reports what it took. */
export interface ModelResponse {
  /** ms since the epoch. */
  readonly at: number;
  /** The model of the response's own turn, as Codex names it. */
  readonly model?: string;
  /** The service tier it was billed at, as Codex names it; the standard one where absent. */
  readonly tier?: string;
  /** What this response took; absent where only the running total is reported. */
  readonly usage?: TokenCount;
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
  readonly cacheWrite: number;
  readonly output: number;
}

/** Tokens that have one price. */
interface Bill extends Billed {
  readonly model: string;
  readonly tier: string;
  /** To prompts of more than `longPrompt` tokens. */
  readonly long: boolean;
}

/** What the responses of one thread took, by model and tier; their cost follows from the prices. */
export interface Spent {
  readonly bills: readonly Bill[];
  /** Some response's model is not known, or there were too many models. */
  readonly unknownModel: boolean;
  /** Responses are missing, or do not add up: a file read from its middle, a lost line. */
  readonly missed: boolean;
  /** The thread's running total after the newest response, input and output together. */
  readonly counted: number | undefined;
  /** Running totals that were the first of their count: repeated they are no new beginning. */
  readonly firsts: readonly string[];
  /** Every running total so far, input and output together: repeated it is no new response. */
  readonly totals: readonly number[];
  /** Responses have usage records here, so a count alone is no new beginning. */
  readonly records: boolean;
  readonly newest: Pick<ModelResponse, "at" | "id" | "ordinal"> | undefined;
}

/** A thread before its first response. */
export const nothingSpent: Spent = {
  bills: [],
  unknownModel: false,
  missed: false,
  counted: 0,
  firsts: [],
  totals: [],
  records: false,
  newest: undefined,
};

/**
 * A thread that goes on from another's history (a fork, a sub-agent with its parent's): its running
 * total may start with what the other one took, which is counted there.
 */
export const inherited: Spent = { ...nothingSpent, counted: undefined };

const maxBills = 64;
const maxFirsts = 64;
/** Older ones are repeated by nothing; one that is forgotten makes the sum incomplete. */
const maxTotals = 512;

/**
 * Adds a response, unless it is counted already. Codex tells of each twice (`token_usage_record`
 * when it ends, `token_count` after its tools), repeats a count on other occasions, and a file may
 * be read again: what does not raise the thread's running total is no new response.
 */
export function addResponse(spent: Spent, response: ModelResponse): Spent {
  const { model, tier, usage, total } = response;
  // A full context is written as a count of nothing; from there the running total begins again.
  if (size(total) === 0) return { ...spent, counted: 0, firsts: [], totals: [] };
  // What was taken is not reported, so the sum is not the whole.
  if (usage === undefined)
    return size(total) > (spent.counted ?? 0) ? passed(spent, response) : spent;
  if (!isNew(spent, response)) return isLost(spent, response) ? passed(spent, response) : spent;
  const bills = withBill(spent.bills, model, tierOf(tier), usage);
  const wrong = spent.counted !== undefined && !goesOn(spent, size(total), size(usage));
  return {
    ...counted(spent, response),
    bills: bills ?? spent.bills,
    unknownModel: spent.unknownModel || bills === undefined,
    missed: spent.missed || wrong,
  };
}

/** Takes a response of another thread, copied into this one's history: it is paid for there. */
export function skipResponse(spent: Spent, response: ModelResponse): Spent {
  return counted(spent, response);
}

function passed(spent: Spent, response: ModelResponse): Spent {
  return { ...counted(spent, response), missed: true };
}

function counted(spent: Spent, { at, id, ordinal, usage, total }: ModelResponse): Spent {
  const isFirst = usage !== undefined && size(usage) === size(total);
  const newest = {
    at,
    ...(id === undefined ? {} : { id }),
    ...(ordinal === undefined ? {} : { ordinal }),
  };
  return {
    ...spent,
    counted: size(total),
    firsts: isFirst ? [...spent.firsts.slice(1 - maxFirsts), nameOf(total)] : spent.firsts,
    totals: [...spent.totals.slice(1 - maxTotals), size(total)],
    records: spent.records || id !== undefined,
    newest,
  };
}

/**
 * The cost of a thread: each response by its own model and tier. `undefined` while there was none,
 * and for good as soon as one had no price: never a guess.
 *
 * @param prices USD per million tokens by model, which come before the published ones
 * @returns `complete` is false where responses were missed, so that it cost more than this
 */
export function costOf(
  spent: Spent,
  prices: PriceMap = {},
): { readonly usd: number; readonly complete: boolean } | undefined {
  if (spent.unknownModel || spent.bills.length === 0) return undefined;
  let usd = 0;
  for (const bill of spent.bills) {
    const price = findPrice(bill.model, bill.tier, prices);
    if (price === undefined) return undefined;
    if (bill.cacheWrite > 0 && price.cacheWrite === undefined) return undefined;
    usd += priceOf(bill, bill.long ? (price.long ?? price) : price, price.cacheWrite ?? 0);
  }
  return Number.isFinite(usd) ? { usd, complete: !spent.missed } : undefined;
}

function isNew(spent: Spent, response: ModelResponse): boolean {
  const { counted: before, newest, firsts, records } = spent;
  const { at, id, ordinal, total } = response;
  const took = response.usage === undefined ? 0 : size(response.usage);
  if (took <= 0) return false;
  if (newest === undefined) return true;
  if (ordinal !== undefined && newest.ordinal !== undefined && ordinal <= newest.ordinal) {
    return false;
  }
  if (id !== undefined && id === newest.id) return false;
  if (size(total) > (before ?? 0)) return true;
  if (at <= newest.at) return false;
  // A count that begins anew: its first response is all there is. Only by itself is a `token_count`
  // proof of that; beside usage records it may be an older response's that came late.
  if (size(total) === took)
    return id !== undefined || (!records && !firsts.includes(nameOf(total)));
  // A count that goes on from an earlier one: a thread resumed from before its newest response.
  return goesBack(spent, response) && spent.totals.includes(size(total) - took);
}

/** Whether a running total is lower than the newest, and none of the older ones once more. */
function goesBack({ counted: before, totals }: Spent, { total }: ModelResponse): boolean {
  return size(total) < (before ?? 0) && !totals.includes(size(total));
}

/** Whether it is a response of a count of which the responses before it are not known. */
function isLost(spent: Spent, response: ModelResponse): boolean {
  const { newest } = spent;
  const { at, usage, total } = response;
  if (newest === undefined || usage === undefined || size(usage) <= 0 || at <= newest.at)
    return false;
  return size(total) !== size(usage) && goesBack(spent, response);
}

/** Whether none is missing before a response that took so much of a running total. */
function goesOn({ counted: before = 0, totals }: Spent, total: number, took: number): boolean {
  const from = total - took;
  if (from >= before) return from === before;
  return from === 0 ? total <= before : totals.includes(from);
}

function nameOf({ input, cached, output }: TokenCount): string {
  return `${input} ${cached} ${output}`;
}

/** The bills with one response more; `undefined` where the model is not known. */
function withBill(
  bills: readonly Bill[],
  named: string | undefined,
  tier: string,
  usage: TokenCount,
): readonly Bill[] | undefined {
  const model = named?.trim().toLowerCase();
  if (model === undefined || model === "") return undefined;
  const long = usage.input > longPrompt;
  const index = bills.findIndex(
    (bill) => bill.model === model && bill.tier === tier && bill.long === long,
  );
  if (index < 0 && bills.length >= maxBills) return undefined;
  const bill = { model, tier, long, ...plus(bills[index] ?? nothing, usage) };
  return index < 0 ? [...bills, bill] : bills.with(index, bill);
}

const nothing: Billed = { input: 0, cached: 0, cacheWrite: 0, output: 0 };

/** Cached tokens are part of the input, and cost less; reasoning is part of the output. */
function plus(billed: Billed, usage: TokenCount): Billed {
  const input = Math.max(0, usage.input);
  const cached = Math.min(input, Math.max(0, usage.cached));
  const written = Math.min(input - cached, Math.max(0, usage.cacheWrite ?? 0));
  return {
    input: billed.input + input - cached - written,
    cached: billed.cached + cached,
    cacheWrite: billed.cacheWrite + written,
    output: billed.output + Math.max(0, usage.output),
  };
}

function priceOf(bill: Billed, price: Price, perWritten: number): number {
  const { input, cached, cacheWrite, output } = bill;
  const million = 1_000_000;
  const read = input * price.input + cached * price.cached;
  return (read + cacheWrite * perWritten + output * price.output) / million;
}

function size({ input, output }: TokenCount): number {
  return Math.max(0, input) + Math.max(0, output);
}
