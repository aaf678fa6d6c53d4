import type { Node } from "jsonc-parser";
import { systemClock } from "../lib/clock.ts";
import { checkConfig, type ReadConfig } from "./check.ts";
import { lineOf, parseDocument, propertyOf } from "./document.ts";
import { configName, configPath } from "./file.ts";
import { type ConfigLook, type ConfigReader, openConfigReader } from "./reader.ts";
import { type Config, defaultConfig } from "./schema.ts";

/**
 * `unreadable`: it is broken, or could not be read. `pending`: it has not been read yet; it may say
 * anything, so there is no card.
 */
export type LoadedConfig = ReadConfig & {
  readonly source: "file" | "absent" | "unreadable" | "pending";
  /** The file as parsed, unchecked: only to tell what it says from what is a default. */
  readonly given?: unknown;
  /** Its disk does not answer. */
  readonly isSilent?: true;
};

/** How long a command waits for a config, ms. */
const patienceMs = 1000;

/**
 * Reads the config under `codexHome`, for a command that looks once. Never rejects and never
 * writes. A disk that does not answer within a second counts as one that cannot be read.
 */
export async function loadConfig(
  codexHome: string,
  open: (path: string) => ConfigReader = openConfigReader,
): Promise<LoadedConfig> {
  using reader = open(configPath(codexHome));
  const silence = Promise.withResolvers<undefined>();
  using _ = systemClock.after(patienceMs, () => silence.resolve(undefined));
  const look = await Promise.race([reader.read(), silence.promise]);
  return look === undefined || look.kind === "same" ? unanswered(undefined) : understood(look);
}

/** What a look that is compared with none before can come to. */
export type ConfigNews = Exclude<ConfigLook, { readonly kind: "same" }>;

/**
 * What a look came to. Without a file, and with one that is broken, the defaults count; one that
 * could not be read at all may hide anything: no card is shown until it can be. Each problem names
 * the file and, where it can, the line.
 *
 * @param good counts in place of the defaults while the file is broken
 */
export function understood(look: ConfigNews, good?: Config): LoadedConfig {
  switch (look.kind) {
    case "absent":
      return absent;
    case "refused":
      // @guard config-refused
      return withheld("unreadable", `${configName}: ${look.why}; ${noCard} it can be read`, good);
    case "bytes":
      return parsed(look.bytes, good);
    default:
      return look satisfies never;
  }
}

/** Before the first look has come to anything. */
export const pending: LoadedConfig = {
  // @guard config-pending
  config: hiddenLike(defaultConfig),
  problems: [],
  source: "pending",
};

/**
 * While the disk does not answer. What the file said before counts, if anything: nothing tells that
 * it is another.
 *
 * @param before `undefined` for a command, which has not read it; a publisher may have
 */
export function unanswered(before: LoadedConfig | undefined): LoadedConfig {
  const problem = `${configName} does not answer: its disk hangs`;
  if (before === undefined) {
    const meanwhile = "a cdp that has read it before goes by that, any other shows no card";
    return { ...withheld("unreadable", `${problem}; ${meanwhile}`, undefined), isSilent: true };
  }
  if (before.source === "pending") {
    return { ...withheld("pending", `${problem}; ${noCard} it does`, undefined), isSilent: true };
  }
  const { problems } = before;
  const meanwhile = "what it said before counts until it does";
  return { ...before, problems: [`${problem}; ${meanwhile}`, ...problems], isSilent: true };
}

const noCard = "no card is shown until";

const absent: LoadedConfig = { config: defaultConfig, problems: [], source: "absent" };

function withheld(
  source: LoadedConfig["source"],
  problem: string,
  good: Config | undefined,
): LoadedConfig {
  return { config: hiddenLike(good ?? defaultConfig), problems: [problem], source };
}

function hiddenLike(config: Config): Config {
  // @guard config-hidden
  return { ...config, privacy: { ...config.privacy, level: "hidden" } };
}

function parsed(bytes: Uint8Array, good: Config | undefined): LoadedConfig {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const document = parseDocument(text);
  if (!document.ok) {
    const meanwhile = good === undefined ? "the defaults count" : "what it said before counts";
    return {
      config: good ?? defaultConfig,
      problems: [`${configName} ${document.problem}; ${meanwhile} until it is fixed`],
      source: "unreadable",
    };
  }
  const { config, problems } = checkConfig(document.value);
  return {
    config,
    problems: problems.map((problem) => located(problem, document.root, text)),
    source: "file",
    given: document.value,
  };
}

/** The problem, which begins with its key, with file and line before it. */
function located(problem: string, root: Node, text: string): string {
  const key = /^[$\w]+(?:\.[\w-]+|\[\d+\])*/.exec(problem)?.[0] ?? "";
  let at: Node | undefined;
  let node: Node | undefined = root;
  for (const name of key.match(/[$\w-]+/g) ?? []) {
    const found: Node | undefined =
      node?.type === "array" ? node.children?.[Number(name)] : node && propertyOf(node, name);
    if (found === undefined) break;
    at = found;
    node = found.type === "property" ? found.children?.[1] : found;
  }
  const line = at === undefined ? "" : ` line ${lineOf(text, at.offset)}`;
  return `${configName}${line}: ${problem}`;
}
