/** A JSON object of unknown content, as Codex writes it. */
export type Json = Readonly<Record<string, unknown>>;

/** The object in `text`, or `undefined` when it is anything else or no JSON at all. */
export function parseObject(text: string): Json | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined; // Lost: where the text stops being JSON; the caller counts it as broken.
  }
}

export function asObject(value: unknown): Json | undefined {
  return isObject(value) ? value : undefined;
}

export function objectAt(json: Json | undefined, key: string): Json | undefined {
  return asObject(json?.[key]);
}

/** The string under `key`; empty ones count as absent. */
export function textAt(json: Json | undefined, key: string): string | undefined {
  const value = json?.[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberAt(json: Json | undefined, key: string): number | undefined {
  return numberOf(json?.[key]);
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function listAt(json: Json | undefined, key: string): readonly unknown[] {
  const value = json?.[key];
  return Array.isArray(value) ? value : [];
}

/** `{ key: value }`, or nothing when the value is absent: absent and `undefined` differ. */
export function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  const part: { [K in Key]?: Value } = {};
  if (value !== undefined) part[key] = value;
  return part;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
