/** USD per million tokens. */
export interface Price {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** Prices by model, as `display.prices` of the config gives them. */
export type PriceMap = Readonly<Record<string, Price>>;

/** Prompts of more input tokens than this cost more with some models. */
export const longPrompt = 272_000;

/** A price, with what differs for prompts longer than `longPrompt` and for writing into the cache. */
export interface TierPrice extends Price {
  readonly long?: Price;
  /** Absent where it is not published: then such a response has no cost. */
  readonly cacheWrite?: number;
}

/** The tier that is billed where none is named. */
export const standardTier = "standard";

/** One that is not known: it has no price. */
export const unknownTier = "unknown";

/** Codex's names of a tier, as the table has them. */
export function tierOf(name: string | undefined): string {
  const tier = (name ?? standardTier).trim().toLowerCase();
  if (tier === "" || tier === "default") return standardTier;
  return tier === "fast" ? "priority" : tier;
}

/**
 * The price of a model at a tier, or `undefined` where none is known. The longest name that
 * `model` is, but for a `-codex` or a date at its end, decides; between equal names the person's
 * own price, which holds for prompts of any length. It says nothing of other tiers.
 */
export function findPrice(model: string, tier: string, own: PriceMap = {}): TierPrice | undefined {
  const id = model.trim().toLowerCase();
  const ownPrices = new Map(
    Object.entries(own).map(([name, price]) => [name.toLowerCase(), price]),
  );
  // Longest first: whatever is cut off was not part of a longer name.
  for (const name of namesOf(id)) {
    const price = ownPrices.get(name);
    if (price !== undefined) return tier === standardTier ? price : undefined;
    const tiers = published.get(name);
    if (tiers !== undefined) return tiers.get(tier);
  }
  return undefined;
}

/** The id itself, then without its date, then without its `-codex`. */
function namesOf(id: string): readonly string[] {
  const undated = id.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, "");
  return [id, undated, undated.replace(/-codex$/, "")];
}

/** Twice the input, one and a half times the output. */
function withLong(price: Price): TierPrice {
  const { input, cached, output } = price;
  return { ...price, long: { input: 2 * input, cached: 2 * cached, output: 1.5 * output } };
}

/** When the table was taken from OpenAI's model and pricing pages. */
export const pricesTakenOn = "2026-07-09";

type Row = readonly [model: string, tier: string, input: number, cached: number, output: number];

/**
 * USD per million tokens by model and tier. What is not here has no price: neither another model,
 * nor another tier of the same, nor what it costs to write into the cache.
 */
export const publishedPrices: readonly Row[] = [
  ["gpt-5.6", standardTier, 5, 0.5, 30],
  ["gpt-5.6-sol", standardTier, 5, 0.5, 30],
  ["gpt-5.6-terra", standardTier, 2.5, 0.25, 15],
  ["gpt-5.6-luna", standardTier, 1, 0.1, 6],
  ["gpt-5.5", standardTier, 5, 0.5, 30],
  ["gpt-5.5-pro", standardTier, 30, 3, 180],
  ["gpt-5.4", standardTier, 2.5, 0.25, 15],
  ["gpt-5.4-mini", standardTier, 0.75, 0.075, 4.5],
  ["gpt-5.3-codex", standardTier, 1.75, 0.175, 14],
  ["gpt-5.2", standardTier, 1.75, 0.175, 14],
  ["gpt-5.1", standardTier, 1.25, 0.125, 10],
  ["gpt-5.1-codex-max", standardTier, 1.25, 0.125, 10],
  ["gpt-5.1-codex-mini", standardTier, 0.25, 0.025, 2],
  ["gpt-5", standardTier, 1.25, 0.125, 10],
  ["gpt-5-codex-max", standardTier, 1.25, 0.125, 10],
  ["gpt-5-mini", standardTier, 0.25, 0.025, 2],
  ["gpt-5-nano", standardTier, 0.05, 0.005, 0.4],
  ["codex-mini-latest", standardTier, 1.5, 0.375, 6],
];

/** Models whose long prompts cost more. */
const longer: ReadonlySet<string> = new Set(["gpt-5.5", "gpt-5.4"]);

const published: ReadonlyMap<string, ReadonlyMap<string, TierPrice>> = new Map(
  [...Map.groupBy(publishedPrices, ([model]) => model)].map(([model, rows]) => [
    model,
    new Map(
      rows.map(([, tier, input, cached, output]) => {
        const price = { input, cached, output };
        return [tier, longer.has(model) ? withLong(price) : price];
      }),
    ),
  ]),
);
