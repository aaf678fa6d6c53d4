import { expect, test } from "bun:test";
import { anything, assert, dictionary, property, record, string } from "fast-check";
import { checkConfig } from "../../src/config/check.ts";
import { defaultConfig } from "../../src/config/schema.ts";

const id = "123456789012345678";

test("a good file, unknown keys left alone", () => {
  const { config, problems } = checkConfig({ schema_version: 2, discord_client_id: id, later: {} });
  expect(config.discord_client_id).toBe(id);
  expect(problems).toEqual([]);
});

test("the defaults of the contract", () => {
  expect(defaultConfig.privacy).toEqual({
    level: "private",
    show_repo_button: false,
    show_title: false,
    rules: [],
    words: [],
  });
  expect(defaultConfig.display).toEqual({
    paused: false,
    pane: "auto",
    preset: "standard",
    large_image_key: "codex-logo",
    small_image_key: "openai",
    activity_images: {},
    buttons: [],
    status_display_type: "details",
    timer: true,
    sessions: "leader",
    idle: "show",
    idle_after: 5,
    discord: "first",
    prices: {},
  });
});

test.each<[string, unknown, string]>([
  ["a number for the id", { discord_client_id: 5 }, "discord_client_id must be text in quotes"],
  ["too short an id", { discord_client_id: "12" }, "discord_client_id must be the 17 to 20 digits"],
  ["no key", { discord_public_key: "zz" }, "discord_public_key must be 64 hexadecimal"],
  ["another version", { schema_version: 3 }, "schema_version must be 2"],
  ["a word for a list", { display: { buttons: "x" } }, "display.buttons must be a list"],
  ["a preset", { display: { preset: "big" } }, "display.preset must be minimal, standard or"],
  ["no minutes", { display: { idle_after: 0 } }, "display.idle_after must be 1 to 1440 minutes"],
  ["no template", { display: { state: 1 } }, "display.state must be text"],
  ["a long template", { display: { state: "x".repeat(513) } }, "display.state must be at most 512"],
  [
    "an http image",
    { display: { large_image_key: "http://x.example/a.png" } },
    "display.large_image_key must be the key of an image",
  ],
  ["no display", { display: [] }, "display must be an object"],
  ["a Discord", { display: { discord: "second" } }, "display.discord must be first, all,"],
  [
    "a button without address",
    { display: { buttons: [{ label: "x" }] } },
    'display.buttons[0].url must be like { "label"',
  ],
  [
    "a button to a file",
    { display: { buttons: [{ label: "x", url: "file:///x" }] } },
    "display.buttons[0].url must be an http",
  ],
  [
    "a price",
    { display: { prices: { m: { input: -1, cached: 0, output: 0 } } } },
    "display.prices.m.input must not be negative",
  ],
])("%s costs that key alone and is named", (_, file, problem) => {
  const read = checkConfig(file);
  expect(read.config).toEqual(defaultConfig);
  expect(read.problems[0]).toStartWith(problem);
  expect(read.problems).toHaveLength(1);
});

test("a bad value does not take a good one with it", () => {
  const { config } = checkConfig({
    discord_client_id: id,
    discord_public_key: 1,
    display: { preset: "minimal", timer: 1 },
    privacy: { level: "full", show_cost: false, show_model: "no" },
  });
  expect(config.discord_client_id).toBe(id);
  expect(config.display.preset).toBe("minimal");
  expect(config.privacy).toMatchObject({ level: "full", show_cost: false, show_model: false });
});

test.each<[string, unknown, object, string]>([
  ["a level", { level: "ful" }, { level: "hidden" }, "privacy.level must be hidden, private,"],
  ["a switch", { show_cost: 0 }, { show_cost: false }, "privacy.show_cost must be true or false"],
  ["rules that are no list", { rules: {} }, { rules: [{ level: "hidden" }] }, "privacy.rules must"],
  [
    "a rule's level",
    { rules: [{ path: "/x", level: "secret" }] },
    { rules: [{ path: "/x", level: "hidden" }] },
    "privacy.rules[0].level must be",
  ],
  [
    "a rule without a place",
    { rules: [{ pth: "/x", level: "private" }] },
    { rules: [{ level: "hidden" }] },
    "privacy.rules[0] must name a path, a repo or a host; it counts as hidden",
  ],
  [
    "a rule's path",
    { rules: [{ path: "work/**", level: "private" }] },
    { rules: [{ level: "hidden" }] },
    "privacy.rules[0].path must begin with",
  ],
  ["a rule that is text", { rules: ["x"] }, { rules: [{ level: "hidden" }] }, "privacy.rules[0]"],
  ["one word", { words: "acme" }, { words: ["acme"] }, "privacy.words must be a list"],
  ["a number as a word", { words: ["a", 7] }, { words: ["a", "7"] }, "privacy.words[1] must be"],
  ["no word", { words: [" "] }, { words: [] }, "privacy.words[0] must not be empty"],
])("in privacy %s that is wrong shows less, not more", (_, privacy, expected, problem) => {
  const read = checkConfig({ privacy });
  expect(read.config.privacy).toMatchObject(expected);
  expect(read.problems[0]).toStartWith(problem);
  expect(read.problems).toHaveLength(1);
});

test.each([[[]], [null], ["x"], [5]])("%p instead of an object means the defaults", (file) => {
  const { config, problems } = checkConfig(file);
  expect(config).toEqual(defaultConfig);
  expect(problems[0]).toStartWith("the file must hold one object");
});

test.each([[[]], [null], ["full"]])("privacy %p hides", (privacy) => {
  expect(checkConfig({ privacy }).config.privacy.level).toBe("hidden");
});

test("no list is cut: each of many rules, words, images and prices counts", () => {
  const numbers = Array.from({ length: 3000 }, (_, i) => i);
  const rules = numbers.map((i) => ({ repo: `acme/${i}`, level: "hidden" }));
  const words = numbers.map((i) => `word ${i}`);
  const price = { input: 1, cached: 1, output: 1 };
  const prices = Object.fromEntries(numbers.map((i) => [`m${i}`, price]));
  const images = Object.fromEntries(numbers.map((i) => [`a${i}`, "image"]));
  const display = { prices, activity_images: images };
  const { config, problems } = checkConfig({ $schema: "x", privacy: { rules, words }, display });
  expect(problems).toEqual([]);
  expect(config.privacy.rules.at(-1)?.repo).toBe("acme/2999");
  expect(config.privacy.words).toEqual(words);
  expect(Object.keys(config.display.prices)).toHaveLength(3000);
  expect(Object.keys(config.display.activity_images)).toHaveLength(3000);
});

test("a third button is said to be one too many", () => {
  const button = { label: "Page", url: "https://example.org" };
  const { config, problems } = checkConfig({ display: { buttons: [button, button, button] } });
  expect(config.display.buttons).toHaveLength(2);
  expect(problems[0]).toContain("display.buttons must have at most 2 entries");
});

test("of a word that is too long the beginning counts, in whole characters", () => {
  const long = `${"x".repeat(127)}\u{1F600} and more`;
  const { config, problems } = checkConfig({ $schema: "x", privacy: { words: [long] } });
  expect(config.privacy.words).toEqual(["x".repeat(127)]);
  expect(problems[0]).toContain("privacy.words[0] must be at most 128 long");
});

test("a rule whose place is too long hides everything", () => {
  const rule = { path: `/${"x".repeat(512)}`, level: "project" };
  const { config } = checkConfig({ $schema: "x", privacy: { rules: [rule] } });
  expect(config.privacy.rules).toEqual([{ level: "hidden" }]);
});

test.each<[string, unknown]>([
  ["an object in the list", ["acme", { word: "beta" }]],
  ["a list in the list", ["acme", ["beta"]]],
  ["nothing in the list", ["acme", null]],
  ["an object", { words: ["acme"] }],
])("which word is meant is not known (%s): nothing is shown", (_, words) => {
  const { config, problems } = checkConfig({ $schema: "x", privacy: { level: "full", words } });
  expect(config.privacy.level).toBe("hidden");
  expect(problems[0]).toContain("no card is shown until it is fixed");
});

test("of many problems the first are named, and how many more there are", () => {
  const words = Array.from({ length: 80 }, () => "");
  const { problems } = checkConfig({ $schema: "x", privacy: { words } });
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toBe("and 30 problems more");
});

test("what cannot be read as paused or not is paused", () => {
  expect(checkConfig({ display: { paused: "yes" } }).config.display.paused).toBe(true);
});

test("the earlier tool's switches, all on by default there, show nothing", () => {
  const privacy = { enabled: false, show_project_name: true, show_tokens: true, show_model: false };
  const read = checkConfig({ schema_version: 2, privacy });
  expect(read.config.privacy).toEqual({ ...defaultConfig.privacy, show_model: false });
  expect(read.problems).toHaveLength(1);
  const ours = checkConfig({ $schema: "https://x.example/s.json", schema_version: 2, privacy });
  expect(ours.config.privacy.show_project_name).toBe(true);
});

test("no value, however odd, throws or gets into a problem", () => {
  const secret = "hunter2hunter2";
  const section = dictionary(string(), anything());
  assert(
    property(record({ privacy: section, display: section, other: anything() }), (file) => {
      expect(checkConfig(file).config.discord_client_id).toBe(defaultConfig.discord_client_id);
    }),
  );
  const { problems } = checkConfig({
    discord_client_id: secret,
    privacy: { words: [{ secret }], level: secret, rules: [{ path: secret, level: secret }] },
    display: { details: [secret], buttons: [{ label: secret, url: secret }] },
  });
  expect(problems.length).toBeGreaterThan(5);
  expect(problems.join("\n")).not.toContain(secret);
});
