import type * as v from "valibot";
import { UserError } from "../lib/errors.ts";
import { checkConfig } from "./check.ts";
import { displayEntries } from "./display.ts";
import { parseDocument } from "./document.ts";
import { type KeyPath, removeKey } from "./edit.ts";
import { privacyEntries } from "./privacy.ts";
import { type Config, plainEntries, schemaUrl } from "./schema.ts";

/** A key as a person names it: `display.paused`, or one entry of a map, `display.prices.gpt-5.5`. */
export interface Key {
  readonly name: string;
  readonly path: KeyPath;
  readonly schema: v.GenericSchema;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every key there is, in the order of the docs. */
export const keys: readonly Key[] = [
  ...keysOf([], plainEntries),
  ...keysOf(["privacy"], privacyEntries),
  ...keysOf(["display"], displayEntries),
];

/** What a `reset` leaves: they say how the rest is to be read. */
const marks: ReadonlySet<string> = new Set(["$schema", "schema_version"]);

/** The key of that name. Throws a `UserError` that suggests the one that was perhaps meant. */
export function findKey(name: string): Key {
  const found = keys.find((key) => key.name === name) ?? entryOfMap(name);
  if (found !== undefined) return found;
  const names = keys.map((key) => key.name);
  throw new UserError(`There is no key ${shown(name)}${meant(name, names)}; see cdp config show.`);
}

/** All keys that a name stands for: one, those of a section, or with no name every one. */
export function findKeys(name: string | undefined): readonly Key[] {
  const all = keys.filter((key) => !marks.has(key.name));
  if (name === undefined) return all;
  const section = all.filter((key) => key.path.length > 1 && key.path[0] === name);
  return section.length > 0 ? section : [findKey(name)];
}

/**
 * A value as it is typed: text may stand without quotes, everything else is JSON. Throws a
 * `UserError` that says what was expected.
 */
export function parseValue(key: Key, typed: string): unknown {
  const value = readValue(key.schema, typed);
  const file = key.path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const [problem] = checkConfig({ $schema: schemaUrl, ...(isFields(file) ? file : {}) }).problems;
  if (problem === undefined) return value;
  // What would count instead does not matter: nothing is written.
  const expected = problem.replace(/; [^;]*$/, "");
  const options = choicesOf(key.schema);
  throw new UserError(`${expected}${options === undefined ? "" : meant(typed, options)}.`);
}

/** What counts for a key; `undefined` where it is unset. */
export function valueOf(config: Config, key: Key): unknown {
  return at(config, key.path);
}

/** Whether the file itself, as parsed, says anything of a key. */
export function isGiven(file: unknown, key: Key): boolean {
  return at(file, key.path) !== undefined;
}

/** The text without those keys; a section that is no object goes as a whole. */
export function withoutKeys(text: string, gone: readonly Key[]): string {
  return gone.reduce((left, { path }) => {
    const [section = "", name] = path;
    const document = parseDocument(left);
    const value = document.ok ? at(document.value, [section]) : undefined;
    const whole = name === undefined || (value !== undefined && !isFields(value));
    return removeKey(left, whole ? [section] : path);
  }, text);
}

function keysOf(path: KeyPath, entries: Readonly<Record<string, v.GenericSchema>>): Key[] {
  return Object.entries(entries).map(([name, schema]) => {
    const whole = [...path, name];
    return { name: whole.join("."), path: whole, schema };
  });
}

function entryOfMap(name: string): Key | undefined {
  for (const { name: map, path, schema } of keys) {
    const value = unwrapped(schema)["value"];
    const entry = name.slice(map.length + 1);
    if (isSchema(value) && name.startsWith(`${map}.`) && entry !== "" && entry !== "__proto__") {
      return { name, path: [...path, entry], schema: value };
    }
  }
  return undefined;
}

function readValue(schema: v.GenericSchema, typed: string): unknown {
  const json = parseDocument(typed);
  const value: unknown = json.ok ? json.value : typed;
  const { type } = unwrapped(schema);
  if (type !== "string" && type !== "picklist") return value;
  return typeof value === "string" ? value : typed;
}

function choicesOf(schema: v.GenericSchema): readonly string[] | undefined {
  const { options } = unwrapped(schema);
  if (!Array.isArray(options)) return undefined;
  return options.filter((option): option is string => typeof option === "string");
}

/** The schema beneath `optional`, whose properties valibot types only one by one. */
function unwrapped(schema: v.GenericSchema): Fields {
  const wrapped: unknown = "wrapped" in schema ? schema.wrapped : undefined;
  return isSchema(wrapped) ? unwrapped(wrapped) : { ...schema };
}

function isSchema(value: unknown): value is v.GenericSchema {
  return isFields(value) && value["kind"] === "schema";
}

function at(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, name) => (isFields(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

function meant(typed: string, names: readonly string[]): string {
  const word = typed.toLowerCase();
  const last = names.find((name) => name.endsWith(`.${word}`));
  const near = names
    .map((name) => {
      const short = name.slice(name.lastIndexOf(".") + 1);
      return { name, distance: Math.min(distance(word, name), distance(word, short)) };
    })
    .toSorted((a, b) => a.distance - b.distance)[0];
  const enough = near !== undefined && near.distance <= Math.min(3, word.length / 2);
  const name = last ?? (enough ? near.name : undefined);
  return name === undefined ? "" : `; did you mean ${name}?`;
}

/** Letters to add, take away or change (Levenshtein). */
function distance(a: string, b: string): number {
  if (a.length > 64) return a.length;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of a.split("").entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split("").entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const shown = (text: string) => JSON.stringify(text.slice(0, 64));

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
