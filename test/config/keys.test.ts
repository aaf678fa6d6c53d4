import { expect, test } from "bun:test";
import { findKey, findKeys, keys, parseValue, withoutKeys } from "../../src/config/keys.ts";

test.each<[string, string, unknown]>([
  ["privacy.level", "full", "full"],
  ["privacy.level", '"full"', "full"],
  ["discord_client_id", "123456789012345678", "123456789012345678"],
  ["privacy.show_cost", "false", false],
  ["display.idle_after", "10", 10],
  ["display.details", "true", "true"],
  ["display.details", "{activity} [x]", "{activity} [x]"],
  ["display.details", "", ""],
  ["display.discord", "/run/x/discord-ipc-0", "/run/x/discord-ipc-0"],
  ["privacy.words", '["a", /* c */ "b",]', ["a", "b"]],
  ["privacy.rules", '[{"path":"~/x","level":"hidden"}]', [{ path: "~/x", level: "hidden" }]],
  ["display.activity_images.editing", "pencil", "pencil"],
  [
    "display.prices.gpt-5.5",
    '{"input":1,"cached":0,"output":2}',
    { input: 1, cached: 0, output: 2 },
  ],
])("%s from %s", (name, typed, value) => {
  expect(parseValue(findKey(name), typed)).toEqual(value);
});

test.each<[string, string, string]>([
  ["privacy.level", "secret", "privacy.level must be hidden, private, project or full"],
  ["privacy.show_cost", "yes", "privacy.show_cost must be true or false"],
  ["privacy.rules", "[{}]", "privacy.rules[0].level must be"],
  ["privacy.words", "acme", "privacy.words must be a list"],
  ["display.idle_after", "0", "1 to 1440 minutes"],
  ["display.buttons", "[{},{},{}]", "at most 2"],
  ["display.prices.gpt-5.5", "5", "display.prices.gpt-5.5 must be like"],
  ["schema_version", "3", "must be 2"],
  ["discord_client_id", "12", "17 to 20 digits"],
])("%s is not %s", (name, typed, problem) => {
  expect(() => parseValue(findKey(name), typed)).toThrow(problem);
});

test.each<[string, string]>([
  ["idel", "did you mean display.idle?"],
  ["display.padeu", "cdp config show"],
  ["Privacy.Level", "did you mean privacy.level?"],
  ["__proto__", "There is no key"],
  ["display.prices.", "There is no key"],
  ["display.prices.__proto__", "There is no key"],
  ["x".repeat(100_000), "There is no key"],
])("%s is no key", (name, problem) => expect(() => findKey(name)).toThrow(problem));

test("every key is found by its name, and every value but unset ones can be set", () => {
  for (const key of keys) expect(findKey(key.name)).toBe(key);
  expect(findKeys("privacy").map(({ name }) => name)).toContain("privacy.words");
  expect(findKeys(undefined)).toHaveLength(keys.length - 2);
});

test("a section that is no object goes as a whole", () => {
  const text = '{ "display": 5, "privacy": { "level": "full", "mine": 1 } }';
  expect(withoutKeys(text, findKeys(undefined))).toBe('{ "privacy": { "mine": 1 } }');
});
