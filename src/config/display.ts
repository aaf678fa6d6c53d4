import * as v from "valibot";

const presetNames = ["minimal", "standard", "detailed"] as const;

export type PresetName = (typeof presetNames)[number];

/** What a million tokens cost, in USD. */
export interface Price {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

const maxTemplate = 512;
const maxUrl = 512;

const template = v.optional(
  v.pipe(
    v.string("must be text, a template"),
    v.maxLength(maxTemplate, `must be at most ${maxTemplate} long`),
  ),
);
/** Discord fetches pictures itself, so it must be able to reach them: https only. */
export const imageSchema = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.regex(
    /^(?:https:\/\/[^\s]+|[\p{L}\p{N}._-]+)$/u,
    "must be the key of an image of the Discord application, or an https address",
  ),
  v.maxLength(256, "must be at most 256 long"),
);
const webUrl = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.regex(/^https?:\/\/[^\s]+$/i, "must be an http or https address"),
  v.maxLength(maxUrl, `must be at most ${maxUrl} long`),
);
const usd = v.pipe(
  v.number("must be a number"),
  v.finite("must be a number"),
  v.minValue(0, "must not be negative"),
);
const choice = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `must be ${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`);

export const buttonSchema = v.object(
  {
    label: v.pipe(
      v.string("must be text"),
      v.nonEmpty("must not be empty"),
      v.maxLength(maxTemplate, `must be at most ${maxTemplate} long`),
    ),
    url: webUrl,
  },
  'must be like { "label": "My page", "url": "https://…" }',
);

export const priceSchema = v.object(
  { input: usd, cached: usd, output: usd },
  'must be like { "input": 1.25, "cached": 0.125, "output": 10 } (USD per million tokens)',
);

export const displayEntries = {
  paused: v.optional(v.boolean("must be true or false"), false),
  pane: v.optional(choice(["auto", "full", "compact", "off"]), "auto"),
  preset: v.optional(choice(presetNames), "standard"),
  name: template,
  details: template,
  state: template,
  large_text: template,
  small_text: template,
  idle_text: template,
  large_image_key: v.optional(imageSchema, "codex-logo"),
  small_image_key: v.optional(imageSchema, "openai"),
  activity_images: v.optional(
    v.record(v.string(), imageSchema, "must be a map from activity to image"),
    {},
  ),
  large_url: v.optional(webUrl),
  buttons: v.optional(v.array(buttonSchema, "must be a list of buttons"), []),
  status_display_type: v.optional(choice(["name", "state", "details"]), "details"),
  timer: v.optional(v.boolean("must be true or false"), true),
  sessions: v.optional(choice(["leader", "aggregate"]), "leader"),
  idle: v.optional(choice(["show", "clear", "text"]), "show"),
  idle_after: v.optional(
    v.pipe(
      v.number("must be a number of minutes"),
      v.minValue(1, "must be 1 to 1440 minutes"),
      v.maxValue(1440, "must be 1 to 1440 minutes"),
    ),
    5,
  ),
  discord: v.optional(
    v.pipe(
      v.string("must be text"),
      v.regex(
        /^(?:first|all|stable|ptb|canary|[/\\].{1,1024})$/,
        "must be first, all, stable, ptb, canary or the path of a socket",
      ),
    ),
    "first",
  ),
  prices: v.optional(v.record(v.string(), priceSchema, "must be a map from model to prices"), {}),
};
