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

/** A model's price, and what it is for prompts longer than `longPrompt`, where that differs. */
export interface ModelPrice extends Price {
  readonly long?: Price;
}

/**
 * The price of a model, or `undefined` if nobody has named one. The longest name that `model` is,
 * but for a `-codex` or a date at its end, decides; between equal names the person's own price,
 * which holds for prompts of any length.
 */
export function findPrice(model: string, own: PriceMap = {}): ModelPrice | undefined {
  const id = model.trim().toLowerCase();
  const ownPrices = new Map(
    Object.entries(own).map(([name, price]) => [name.toLowerCase(), price]),
  );
  // Longest first: whatever is cut off was not part of a longer name.
  for (const name of namesOf(id)) {
    const price = ownPrices.get(name) ?? published.get(name);
    if (price !== undefined) return price;
  }
  return undefined;
}

/** The id itself, then without its date, then without its `-codex`. */
function namesOf(id: string): readonly string[] {
  const undated = id.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, "");
  return [id, undated, undated.replace(/-codex$/, "")];
}

/** Twice the input, one and a half times the output. */
function withLong(input: number, cached: number, output: number): ModelPrice {
  const long = { input: 2 * input, cached: 2 * cached, output: 1.5 * output };
  return { input, cached, output, long };
}

/** OpenAI's model and pricing pages as of 2026-07-09. A model that is not here has no price. */
const published: ReadonlyMap<string, ModelPrice> = new Map<string, ModelPrice>([
  ["gpt-5.6", { input: 5, cached: 0.5, output: 30 }],
  ["gpt-5.6-sol", { input: 5, cached: 0.5, output: 30 }],
  ["gpt-5.6-terra", { input: 2.5, cached: 0.25, output: 15 }],
  ["gpt-5.6-luna", { input: 1, cached: 0.1, output: 6 }],
  ["gpt-5.5", withLong(5, 0.5, 30)],
  ["gpt-5.5-pro", { input: 30, cached: 3, output: 180 }],
  ["gpt-5.4", withLong(2.5, 0.25, 15)],
  ["gpt-5.4-mini", { input: 0.75, cached: 0.075, output: 4.5 }],
  ["gpt-5.3-codex", { input: 1.75, cached: 0.175, output: 14 }],
  ["gpt-5.2", { input: 1.75, cached: 0.175, output: 14 }],
  ["gpt-5.1", { input: 1.25, cached: 0.125, output: 10 }],
  ["gpt-5.1-codex-max", { input: 1.25, cached: 0.125, output: 10 }],
  ["gpt-5.1-codex-mini", { input: 0.25, cached: 0.025, output: 2 }],
  ["gpt-5", { input: 1.25, cached: 0.125, output: 10 }],
  ["gpt-5-codex-max", { input: 1.25, cached: 0.125, output: 10 }],
  ["gpt-5-mini", { input: 0.25, cached: 0.025, output: 2 }],
  ["gpt-5-nano", { input: 0.05, cached: 0.005, output: 0.4 }],
  ["codex-mini-latest", { input: 1.5, cached: 0.375, output: 6 }],
]);
