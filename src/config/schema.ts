import * as v from "valibot";
import { displayEntries } from "./display.ts";
import { privacyEntries } from "./privacy.ts";

/** Where our schema lives; a version 2 file without it was written by the earlier Rust tool. */
export const schemaUrl = "https://unpkg.com/codex-discord-presence/docs/config.schema.json";

/** Keys outside the two sections. */
export const plainEntries = {
  $schema: v.optional(v.string("must be text in quotes"), schemaUrl),
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
};

/** The whole config (docs/configuration.md). Unknown keys are left alone. */
export const configSchema = v.object({
  ...plainEntries,
  privacy: v.optional(v.object(privacyEntries), {}),
  display: v.optional(v.object(displayEntries), {}),
});

export type Config = v.InferOutput<typeof configSchema>;

export const defaultConfig: Config = v.parse(configSchema, {});
