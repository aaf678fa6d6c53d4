import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { configPath } from "../../src/config/file.ts";
import { loadConfig, unanswered } from "../../src/config/load.ts";
import { checkConfig } from "../../src/doctor/config.ts";
import { SimulatedHome } from "../codex/simulated-codex.ts";

let home: SimulatedHome;
beforeEach(() => {
  home = new SimulatedHome();
});
afterEach(() => home[Symbol.dispose]());

const path = () => configPath(home.path);
const check = async () => checkConfig({ path: path(), loaded: await loadConfig(home.path) });
const states = async () => (await check()).map(({ name, state }) => `${name} ${state}`);
const write = (config: unknown) => writeFileSync(path(), JSON.stringify(config));
const well = ["config ok", "privacy ok", "templates ok"];

test("no file: the defaults, and what they mean", async () => {
  expect(await states()).toEqual(well);
  expect((await check())[1]!.line).toBe("level private: others see no project or file");
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
])("%s", async (_, config, expected) => {
  write({ $schema: "x", ...config });
  expect(await states()).toEqual(expected);
});

test("each problem is named with its line and the file to correct", async () => {
  writeFileSync(path(), '{\n  "privacy": { "level": "all" }\n}');
  const [problem] = await check();
  expect(problem!.line).toContain("line 2: privacy.level must be hidden, private, project or full");
  expect(problem!.fix).toContain(path());
});

test("the level with rules, words and switches", async () => {
  const privacy = {
    level: "project",
    rules: [{ path: "~/clients/**", level: "private" }],
    words: ["acme", "globex"],
    show_cost: true,
    show_git_branch: false,
  };
  write({ $schema: "x", privacy });
  expect((await check())[1]!.line).toBe(
    "level project: others see project and branch; 1 rule; 2 words never shown; " +
      "shown besides: show_cost; 1 switch off",
  );
});

test("a button is explained to whoever cannot see it", async () => {
  write({ display: { buttons: [{ label: "Page", url: "https://example.org" }] } });
  expect((await check())[3]!.line).toContain("you cannot see your own buttons");
});

test("a broken file fails", async () => {
  writeFileSync(path(), '{ "privacy": ');
  expect((await states())[0]).toBe("config fail");
  expect((await check())[0]!.fix).toContain(path());
});

test("a folder in its place fails", async () => {
  mkdirSync(path());
  expect((await states()).slice(0, 2)).toEqual(["config fail", "privacy warn"]);
  expect((await check())[1]!.line).toContain("what the config hides is not known");
});

test("a disk that does not answer fails, and the disk is what to mend", () => {
  const checks = checkConfig({ path: path(), loaded: unanswered(undefined) });
  expect(checks[0]).toMatchObject({ name: "config", state: "fail" });
  expect(checks[0]!.fix).toContain("Make the disk answer");
});
