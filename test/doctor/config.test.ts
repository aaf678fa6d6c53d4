import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { configPath } from "../../src/config/file.ts";
import { loadConfig } from "../../src/config/load.ts";
import { checkConfig } from "../../src/doctor/config.ts";
import { SimulatedHome } from "../codex/simulated-codex.ts";

let home: SimulatedHome;
beforeEach(() => {
  home = new SimulatedHome();
});
afterEach(() => home[Symbol.dispose]());

const path = () => configPath(home.path);
const check = () => checkConfig({ path: path(), loaded: loadConfig(home.path) });
const states = () => check().map(({ name, state }) => `${name} ${state}`);
const write = (config: unknown) => writeFileSync(path(), JSON.stringify(config));
const well = ["config ok", "privacy ok", "templates ok"];

test("no file: the defaults, and what they mean", () => {
  expect(states()).toEqual(well);
  expect(check()[1]!.line).toBe("level private: others see no project or file");
});

test.each<[string, object, string[]]>([
  ["a good file", { schema_version: 2, privacy: { level: "full" } }, well],
  [
    "two wrong keys",
    { privacy: { level: "all" }, display: { timer: 1 } },
    ["config warn", "config warn", "privacy warn", "templates ok"],
  ],
  ["hidden", { privacy: { level: "hidden" } }, ["config ok", "privacy warn", "templates ok"]],
  ["paused", { display: { paused: true } }, ["config ok", "privacy warn", "templates ok"]],
  [
    "a variable nobody knows",
    { display: { details: "{aktivity}" } },
    ["config ok", "privacy ok", "templates warn"],
  ],
  [
    "an image for an activity nobody knows",
    { display: { activity_images: { napping: "nap" } } },
    ["config ok", "privacy ok", "templates warn"],
  ],
  [
    "a button",
    { display: { buttons: [{ label: "Page", url: "https://example.org/{project}" }] } },
    [...well, "buttons ok"],
  ],
  ["a repository button", { privacy: { show_repo_button: true } }, [...well, "buttons ok"]],
  [
    "a button whose address holds a private word",
    {
      privacy: { words: ["acme"] },
      display: { buttons: [{ label: "Page", url: "https://acme.example" }] },
    },
    [...well, "buttons warn"],
  ],
])("%s", (_, config, expected) => {
  write({ $schema: "x", ...config });
  expect(states()).toEqual(expected);
});

test("each problem is named with its line and the file to correct", () => {
  writeFileSync(path(), '{\n  "privacy": { "level": "all" }\n}');
  const [problem] = check();
  expect(problem!.line).toContain("line 2: privacy.level must be hidden, private, project or full");
  expect(problem!.fix).toContain(path());
});

test("the level with rules, words and switches", () => {
  const privacy = {
    level: "project",
    rules: [{ path: "~/clients/**", level: "private" }],
    words: ["acme", "globex"],
    show_cost: true,
    show_git_branch: false,
  };
  write({ $schema: "x", privacy });
  expect(check()[1]!.line).toBe(
    "level project: others see project and branch; 1 rule; 2 words never shown; " +
      "shown besides: show_cost; 1 switch off",
  );
});

test("a button is explained to whoever cannot see it", () => {
  write({ display: { buttons: [{ label: "Page", url: "https://example.org" }] } });
  expect(check()[3]!.line).toContain("you cannot see your own buttons");
});

test("a broken file fails", () => {
  writeFileSync(path(), '{ "privacy": ');
  expect(states()[0]).toBe("config fail");
  expect(check()[0]!.fix).toContain(path());
});

test("a folder in its place fails", () => {
  mkdirSync(path());
  expect(states()[0]).toBe("config fail");
});
