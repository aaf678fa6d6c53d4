import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { codeOf, messageOf } from "../lib/errors.ts";
import { checkConfig, hiddenConfig, type ReadConfig } from "./check.ts";
import { defaultConfig } from "./schema.ts";

export const configName = "discord-presence-config.json";

/** Far more than any config; a link to a device or a wrong file is not read to its end. */
const MAX_BYTES = 1024 * 1024;

export type LoadedConfig = ReadConfig & { readonly source: "file" | "absent" | "unreadable" };

/**
 * Reads the config under `codexHome`. Never throws and never writes: a missing file means the
 * defaults; a broken one means no card, since it may hold a rule that hides, and a problem.
 */
export function loadConfig(codexHome: string): LoadedConfig {
  const path = join(codexHome, configName);
  try {
    const errors: ParseError[] = [];
    const text = readBounded(path);
    const file: unknown = parse(text, errors, { allowTrailingComma: true });
    const error = errors[0];
    if (error !== undefined) {
      const line = text.slice(0, error.offset).split("\n").length;
      return unreadable(`line ${line}: ${printParseErrorCode(error.error)}`);
    }
    return { ...checkConfig(file), source: "file" };
  } catch (error) {
    if (codeOf(error) === "ENOENT")
      return { config: defaultConfig, problems: [], source: "absent" };
    return unreadable(messageOf(error));
  }
}

function unreadable(problem: string): LoadedConfig {
  return {
    config: hiddenConfig,
    problems: [`${problem}; no card is shown until it is fixed`],
    source: "unreadable",
  };
}

function readBounded(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error("is not a regular file");
    if (stat.size > MAX_BYTES) throw new Error("is larger than 1 MB");
    return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
}
