import * as v from "valibot";

/** Where our schema lives; a version 2 file without it was written by the earlier Rust tool. */
export const schemaUrl = "https://unpkg.com/codex-discord-presence/docs/config.schema.json";

/** The keys in use so far (docs/configuration.md). Unknown keys are left alone. */
export const configSchema = v.object({
  schema_version: v.optional(v.literal(2, "must be 2"), 2),
  /** The Discord application whose name and images the card uses. */
  discord_client_id: v.optional(
    v.pipe(
      v.string("must be text in quotes"),
      v.regex(/^\d{17,20}$/, "must be the 17 to 20 digits of a Discord application id, in quotes"),
    ),
    "1470480085453770854",
  ),
  /** Metadata of that application; used for nothing. */
  discord_public_key: v.optional(
    v.pipe(
      v.string("must be text in quotes"),
      v.regex(/^[0-9a-fA-F]{64}$/, "must be 64 hexadecimal digits"),
    ),
    "29e563eeb755ae71d940c1b11d49dd3282a8886cd8b8cab829b2a14fcedad247",
  ),
});

export type Config = v.InferOutput<typeof configSchema>;

export const defaultConfig: Config = v.parse(configSchema, {});

/** A config with what was wrong in it; each problem names the key and what was expected. */
export interface ReadConfig {
  readonly config: Config;
  readonly problems: readonly string[];
}

/**
 * Checks a parsed config file key by key: a bad value costs its own key (the default stands in)
 * and is reported, never the whole file.
 */
export function checkConfig(file: unknown): ReadConfig {
  if (typeof file !== "object" || file === null || Array.isArray(file)) {
    return { config: defaultConfig, problems: ["the file must hold one object, { … }"] };
  }
  const whole = v.safeParse(configSchema, file);
  if (whole.success) return { config: whole.output, problems: [] };
  const bad = new Set(whole.issues.map((issue) => v.getDotPath(issue)?.split(".")[0]));
  const good = Object.fromEntries(Object.entries(file).filter(([key]) => !bad.has(key)));
  return {
    config: v.parse(configSchema, good),
    problems: whole.issues.map((issue) => `${v.getDotPath(issue) ?? "file"} ${issue.message}`),
  };
}
