import { describe, expect, test } from "bun:test";
import { checkConfig } from "../../src/config/check.ts";
import { keys, parseValue, valueOf } from "../../src/config/keys.ts";
import { defaultConfig, schemaUrl } from "../../src/config/schema.ts";

/** One of each kind that JSON has, none of them a value that any key takes by chance. */
const samples = {
  null: null,
  boolean: true,
  number: -5,
  text: "\u0000 no such thing",
  list: [[]],
  object: { no: { such: "thing" } },
} as const;

type Kind = keyof typeof samples;

/** The kind that each key takes, by its default or by what its name says. */
const taken: Readonly<Record<string, Kind | undefined>> = {
  schema_version: undefined,
  "display.name": "text",
  "display.details": "text",
  "display.state": "text",
  "display.large_text": "text",
  "display.small_text": "text",
  "display.idle_text": "text",
  $schema: "text",
};

const cases = keys.flatMap((key) =>
  (Object.keys(samples) as Kind[]).map((kind) => [key.name, kind, key] as const),
);

describe("each key with each wrong type", () => {
  test.each(cases)("%s: %s", (name, kind, key) => {
    const value = samples[kind];
    const isSwitch = /^privacy\.show_|^display\.(?:paused|timer)$/.test(name);
    const fits = taken[name] === kind || (isSwitch && kind === "boolean");
    const file = key.path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
    const given = { $schema: schemaUrl, ...(file as object) };
    const { config, problems } = checkConfig(given);
    expect(problems.length > 0).toBe(!fits);
    for (const problem of problems) expect(problem).toStartWith(name);
    // The slip costs its own key alone.
    for (const other of keys) {
      if (other.name === name) continue;
      // Which word was to be hidden is not known: then all is.
      const hides = name === "privacy.words" && ["null", "list", "object"].includes(kind);
      const expected = other.name === "privacy.level" && hides ? "hidden" : undefined;
      expect(valueOf(config, other)).toEqual(expected ?? valueOf(defaultConfig, other));
    }
    // What is typed for a text is that text, whatever else it might be.
    const isText = taken[name] === "text" || name.endsWith("image_key");
    if (!fits && !isText) expect(() => parseValue(key, JSON.stringify(value))).toThrow(name);
  });

  test.each(["privacy", "display"])("section %s", (section) => {
    for (const value of [null, true, -5, "x", []]) {
      const { config, problems } = checkConfig({ $schema: schemaUrl, [section]: value });
      expect(problems[0]).toStartWith(`${section} must be an object`);
      expect(config.privacy.level).toBe(section === "privacy" ? "hidden" : "private");
    }
  });
});
