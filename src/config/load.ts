import type { Node } from "jsonc-parser";
import { messageOf } from "../lib/errors.ts";
import { checkConfig, type ReadConfig } from "./check.ts";
import { lineOf, parseDocument, propertyOf } from "./document.ts";
import { configName, configPath, readBytes } from "./file.ts";
import { type Config, defaultConfig } from "./schema.ts";

export type LoadedConfig = ReadConfig & {
  readonly source: "file" | "absent" | "unreadable";
  /** The file as parsed, unchecked: only to tell what it says from what is a default. */
  readonly given?: unknown;
};

/**
 * Reads the config under `codexHome`. Never throws and never writes: without a file, and with one
 * that is broken, the defaults count; that it is broken is a problem. Each problem names the file
 * and, where it can, the line.
 *
 * @param good counts in place of the defaults while the file is broken
 */
export function loadConfig(codexHome: string, good?: Config): LoadedConfig {
  try {
    const bytes = readBytes(configPath(codexHome));
    if (bytes === undefined) return absent;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const document = parseDocument(text);
    if (!document.ok) return unreadable(`${configName} ${document.problem}`, good);
    const { config, problems } = checkConfig(document.value);
    return {
      config,
      problems: problems.map((problem) => located(problem, document.root, text)),
      source: "file",
      given: document.value,
    };
  } catch (error) {
    return unreadable(`${configName}: ${messageOf(error)}`, good);
  }
}

const absent: LoadedConfig = { config: defaultConfig, problems: [], source: "absent" };

function unreadable(problem: string, good: Config | undefined): LoadedConfig {
  const meanwhile = good === undefined ? "the defaults count" : "what it said before counts";
  return {
    config: good ?? defaultConfig,
    problems: [`${problem}; ${meanwhile} until it is fixed`],
    source: "unreadable",
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
