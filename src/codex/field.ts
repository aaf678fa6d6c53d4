import { asObject, type Json } from "./json.ts";

/**
 * One field that is read from Codex. The readers are made from these (`fields.ts`), so that no
 * field can be read in one dialect only.
 */
export interface Field<Value> {
  /** Where it stands, keys joined by dots, most telling first; each key also in camel case. */
  readonly paths: readonly string[];
  /** The same, taken apart: of each step the names it may have. */
  readonly steps: readonly (readonly (readonly string[])[])[];
  /** The releases that were observed to write it. */
  readonly releases: string;
  /** What it means that a line has none. */
  readonly absent: string;
  /** What null stands for, where Codex writes it as a value. */
  readonly ofNull?: Value;
  /** The value, or `undefined` for one that is none: another type, null. */
  read(value: unknown): Value | undefined;
  /** A value as Codex writes it, for the test that walks the table. */
  readonly sample: unknown;
}

/** What fields say of one line; a field that is absent is absent here too. */
export type FieldValues<Fields> = {
  readonly [Key in keyof Fields]?: Fields[Key] extends Field<infer Value> ? Value : never;
};

/** Reads every field of a table from one payload. */
export function readFields<Fields extends Readonly<Record<string, Field<unknown>>>>(
  fields: Fields,
  payload: Json,
): FieldValues<Fields> {
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = readField(field, payload);
    if (value !== undefined) values[key] = value;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value is what its field read
  return values as FieldValues<Fields>;
}

/** The first of a field's paths that has a value. */
export function readField<Value>(field: Field<Value>, payload: Json): Value | undefined {
  for (const path of field.steps) {
    const value = field.read(valueAt(payload, path));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Codex writes snake case; its protocol for other programs has the same names in camel case. */
export function camelCase(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function valueAt(payload: Json, path: readonly (readonly string[])[]): unknown {
  let value: unknown = payload;
  for (const names of path) {
    const json = asObject(value);
    const found = names.map((name) => json?.[name]).filter((each) => each !== undefined);
    value = found.find((each) => each !== null) ?? found[0];
  }
  return value;
}

type Where = string | readonly string[];

function fieldOf<Value>(
  where: Where,
  about: { readonly releases: string; readonly absent: string; readonly sample: unknown },
  read: (value: unknown) => Value | undefined,
): Field<Value> {
  const paths = typeof where === "string" ? [where] : where;
  const steps = paths.map((path) =>
    path.split(".").map((key) => [...new Set([key, camelCase(key)])]),
  );
  return { paths, steps, ...about, read };
}

/** A text; an empty one counts as absent. */
export function text(where: Where, releases: string, absent: string, sample = "x"): Field<string> {
  return fieldOf(where, { releases, absent, sample }, (value) =>
    typeof value === "string" && value !== "" ? value : undefined,
  );
}

/** A text where null is one too: the ordinary value, which has a name of its own. */
export function textOr(ofNull: string, field: Field<string>): Field<string> {
  const read = (value: unknown): string | undefined =>
    value === null ? ofNull : field.read(value);
  return { ...field, ofNull, read };
}

/** A number; zero is one. */
export function number(where: Where, releases: string, absent: string): Field<number> {
  return fieldOf(where, { releases, absent, sample: 7 }, (value) =>
    typeof value === "number" && Number.isFinite(value) ? value : undefined,
  );
}

/** A moment, in ms since the epoch: Codex writes seconds, ms or ISO 8601. */
export function moment(where: Where, releases: string, absent: string): Field<number> {
  return fieldOf(where, { releases, absent, sample: "2026-01-01T00:00:00.000Z" }, momentOf);
}

/** An object, as it is. */
export function record(where: Where, releases: string, absent: string, sample: Json): Field<Json> {
  return fieldOf(where, { releases, absent, sample }, asObject);
}

/** The texts of a list. */
export function texts(where: Where, releases: string, absent: string): Field<readonly string[]> {
  return fieldOf(where, { releases, absent, sample: ["make", "all"] }, (value) =>
    Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined,
  );
}

export function flag(where: Where, releases: string, absent: string): Field<boolean> {
  return fieldOf(where, { releases, absent, sample: true }, (value) =>
    typeof value === "boolean" ? value : undefined,
  );
}

/** Anything but null. */
export function anything(
  where: Where,
  releases: string,
  absent: string,
  sample: unknown,
): Field<unknown> {
  return fieldOf(where, { releases, absent, sample }, (value) => value ?? undefined);
}

/** Larger numbers are ms: as seconds they would lie after the year 5000. */
const maxSeconds = 1e11;

function momentOf(value: unknown): number | undefined {
  if (typeof value === "string") {
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : at;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  return Math.abs(value) < maxSeconds ? value * 1000 : value;
}
