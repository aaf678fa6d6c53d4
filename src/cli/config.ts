import { setKey } from "../config/edit.ts";
import { configPath } from "../config/file.ts";
import { jsonSchema } from "../config/json-schema.ts";
import {
  findKey,
  findKeys,
  isGiven,
  keys,
  parseValue,
  valueOf,
  withoutKeys,
} from "../config/keys.ts";
import { loadConfig } from "../config/load.ts";
import { updateConfig } from "../config/update.ts";
import { tryLock } from "../instance/lock.ts";
import { systemClock } from "../lib/clock.ts";
import { UserError } from "../lib/errors.ts";
import { complain, outputColumns, print } from "../lib/output.ts";
import { jsonText } from "../lib/printable.ts";
import type { Command } from "./cdp.ts";
import { codexHome } from "./home.ts";

type Values = Readonly<Record<string, unknown>>;
type Action = (words: { readonly key?: string; readonly value?: string }) => Promise<void> | void;

/** `cdp config [path|show|get KEY|set KEY VALUE|reset [KEY]|schema]`. */
export const config: Command = {
  meta: { name: "config", description: "Show and change the config, checked as it is written" },
  args: {
    action: {
      type: "positional",
      required: false,
      description: "path, show, get, set, reset or schema; show where none is named",
    },
    key: { type: "positional", required: false, description: "Such as privacy.level" },
    value: { type: "positional", required: false, description: "Text, or JSON" },
  },
  examples: [
    ["cdp config", "every key, its value, and whether it is a default"],
    ["cdp config set privacy.level project", "change one key; comments and order stay"],
    ['cdp config set display.buttons \'[{"label":"Me","url":"https://…"}]\'', "as JSON"],
    ["cdp config reset display.idle", "back to the default"],
    ["cdp config reset", "all back to the defaults; a copy is kept"],
  ],
  marked(words) {
    const [action, key, value] = words;
    const isSet = action === "set" && key !== "--" && value !== undefined && value !== "--";
    return isSet ? [...words.slice(0, 2), "--", ...words.slice(2)] : words;
  },
  async run(values) {
    const name = wordOf(values, "action") ?? "show";
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) {
      const names = Object.keys(actions).join(", ");
      throw new UserError(`There is no cdp config ${JSON.stringify(name)}: it is one of ${names}.`);
    }
    const [key, value] = [wordOf(values, "key"), wordOf(values, "value")];
    const [least, most] = wordsOf[name] ?? [0, 0];
    const given = [key, value].filter((word) => word !== undefined).length;
    if (given < least || given > most) throw new UserError(`It is: ${usage[name] ?? ""}`);
    await action({
      ...(key === undefined ? {} : { key }),
      ...(value === undefined ? {} : { value }),
    });
    return 0;
  },
};

/** Changes the config of this process's Codex home, and tells of a migration; for all commands. */
export async function changeConfig(
  change: (text: string) => string,
  options: { readonly copy?: boolean } = {},
): Promise<void> {
  for (const note of await writeConfig(usableHome(), change, options)) say(note);
}

/**
 * As `updateConfig`, but where the config's disk does not answer within a second a `UserError`
 * says so. Returns lines for the person.
 */
export async function writeConfig(
  home: string,
  change: (text: string) => string,
  options: { readonly copy?: boolean } = {},
): Promise<readonly string[]> {
  if ((await loadConfig(home)).isSilent === true) {
    throw new UserError(`${configPath(home)} was not changed: its disk does not answer`);
  }
  const lock = (path: string) => tryLock(path, process.pid);
  const { notes } = await updateConfig(home, change, { lock, clock: systemClock, ...options });
  return notes;
}

/** Codex's home; a `UserError` where there is none to read or write. */
export function usableHome(env: NodeJS.ProcessEnv = process.env): string {
  const home = codexHome(env);
  if (home.ok) return home.path;
  const what =
    home.reason === "open" ? `is not used: ${home.why}. ${home.fix}` : homeWords[home.reason];
  throw new UserError(`Codex's home (${home.path ?? "HOME is not set"}) ${what}`);
}

/** A line on standard output. */
export function say(line: string): void {
  void print(`${line}\n`);
}

const actions: Readonly<Record<string, Action>> = {
  path: () => say(configPath(usableHome())),
  show,
  get,
  set,
  reset,
  schema: () => say(jsonText(jsonSchema(), 2)),
};

/** Fewest and most words behind the action. */
const wordsOf: Readonly<Record<string, readonly [number, number]>> = {
  get: [1, 1],
  set: [2, 2],
  reset: [0, 1],
};

const usage: Readonly<Record<string, string>> = {
  path: "cdp config path",
  show: "cdp config show",
  get: "cdp config get KEY",
  set: "cdp config set KEY VALUE (a value with spaces in quotes)",
  reset: "cdp config reset [KEY]",
  schema: "cdp config schema",
};

const homeWords = {
  unset: "is unknown: set HOME or CODEX_HOME.",
  missing: "is not there: use Codex once, or set CODEX_HOME.",
  notAFolder: "is no folder: set CODEX_HOME to the right one.",
  notOurs: "is somebody else's: run cdp as its owner, without sudo.",
  unreadable: "cannot be read: check the rights of its folders.",
} as const;

/** On a terminal in columns; in a pipe key, value and mark between tabs. Problems go to stderr. */
async function show(): Promise<void> {
  const loaded = await loadConfig(usableHome());
  const rows = keys.map((key) => {
    const value = valueOf(loaded.config, key);
    const wrong = loaded.problems.some((problem) => namesKey(problem, key.name));
    const ofFile = isGiven(loaded.given, key) ? "" : "default";
    const mark = wrong ? "problem" : loaded.source === "unreadable" ? "unreadable" : ofFile;
    return [key.name, value === undefined ? "" : jsonText(value), mark] as const;
  });
  const widths = [0, 1].map((column) =>
    Math.min(48, Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  );
  for (const row of rows) {
    const padded = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    say(outputColumns() !== undefined ? padded.join("  ").trimEnd() : row.join("\t"));
  }
  warn(loaded.problems);
}

async function get({ key: name = "" }: { readonly key?: string }): Promise<void> {
  const key = findKey(name);
  const { config: found, problems, source } = await loadConfig(usableHome());
  const value = valueOf(found, key);
  say(typeof value === "string" ? value : value === undefined ? "" : jsonText(value));
  // Of a file that is not read each value is another one than it says.
  warn(source === "file" ? problems.filter((problem) => namesKey(problem, key.name)) : problems);
}

async function set(words: { readonly key?: string; readonly value?: string }): Promise<void> {
  const key = findKey(words.key ?? "");
  const value = parseValue(key, words.value ?? "");
  await changeConfig((text) => setKey(text, key.path, value));
  say(`${key.name} is ${jsonText(value)}`);
}

async function reset({ key: name }: { readonly key?: string }): Promise<void> {
  const gone = findKeys(name);
  await changeConfig((text) => withoutKeys(text, gone), { copy: name === undefined });
  say(`${name ?? "Every key"} is back to the default`);
}

function namesKey(problem: string, key: string): boolean {
  const [, named = problem] = /^[^:]*: (.*)$/s.exec(problem) ?? [];
  return named.startsWith(key) && !/^[\w-]/.test(named.slice(key.length));
}

function warn(problems: readonly string[]): void {
  for (const problem of problems) complain(problem);
}

function wordOf(values: Values, name: string): string | undefined {
  const word = values[name];
  return typeof word === "string" ? word : undefined;
}
