import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { keys } from "../../src/config/keys.ts";

const repository = join(import.meta.dir, "../..");
const scratch = join(repository, ".scratch");
const name = "discord-presence-config.json";
let root: string;

beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "cli-config-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function newHome(text?: string): string {
  const home = join(root, String((count += 1)));
  mkdirSync(home);
  if (text !== undefined) writeFileSync(join(home, name), text);
  return home;
}
const textIn = (home: string) => readFileSync(join(home, name), "utf8");

function cdp(home: string, ...words: string[]) {
  const child = Bun.spawnSync([process.execPath, join(repository, "src/main.ts"), ...words], {
    env: { ...process.env, CODEX_HOME: home },
  });
  return { status: child.exitCode, out: child.stdout.toString(), err: child.stderr.toString() };
}

const ours = `{
  // mine
  "$schema": "x",
  "schema_version": 2,
  "privacy": { "level": "full", "show_cost": 5 },
  "later": true
}
`;

test("path, and every key with its value and mark", () => {
  const home = newHome(ours);
  expect(cdp(home, "config", "path")).toEqual({ status: 0, out: `${join(home, name)}\n`, err: "" });
  const { status, out, err } = cdp(home, "config");
  const rows = out
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  expect(status).toBe(0);
  expect(rows.map(([key]) => key)).toEqual(keys.map((key) => key.name));
  expect(rows).toContainEqual(["privacy.level", '"full"', ""]);
  expect(rows).toContainEqual(["privacy.show_cost", "false", "problem"]);
  expect(rows).toContainEqual(["display.idle_after", "5", "default"]);
  expect(rows).toContainEqual(["display.details", "", "default"]);
  expect(err).toBe(
    `cdp: ${name} line 5: privacy.show_cost must be true or false; it counts as false\n`,
  );
  expect(textIn(home)).toBe(ours);
});

test.each([
  [["display.details", "-{activity}-"], "-{activity}-"],
  [["display.details", "--", "-"], "-"],
  [["--", "display.details", "--json"], "--json"],
  [["display.details", "--help"], "--help"],
  [["display.details", "--", "--"], "--"],
])("a value that begins with a dash: %j", (words, value) => {
  const home = newHome();
  expect(cdp(home, "config", "set", ...words)).toEqual({
    status: 0,
    out: `display.details is "${value}"\n`,
    err: "",
  });
  expect(cdp(home, "config", "get", "display.details").out).toBe(`${value}\n`);
});

test("a dash elsewhere is still an option", () => {
  const home = newHome();
  expect(cdp(home, "config", "get", "-x").err).toContain("Unknown option -x");
  expect(cdp(home, "config", "set", "display.idle_after", "-5")).toMatchObject({ status: 2 });
  expect(cdp(home, "config", "set", "display.idle_after", "5", "-x").err).toContain("too many");
  expect(cdp(home, "config", "set", "--help").out).toContain("EXAMPLES");
});

test("set, get and reset change one key and nothing else", async () => {
  const home = newHome(ours);
  expect(cdp(home, "config", "set", "display.idle_after", "10")).toMatchObject({
    status: 0,
    out: "display.idle_after is 10\n",
  });
  expect(textIn(home)).toBe(ours.replace("true\n", 'true,\n  "display": { "idle_after": 10 }\n'));
  expect(cdp(home, "config", "get", "display.idle_after").out).toBe("10\n");
  expect(cdp(home, "config", "get", "privacy.level").out).toBe("full\n");
  expect(cdp(home, "config", "reset", "display.idle_after").status).toBe(0);
  expect((await loadConfig(home)).config.display.idle_after).toBe(5);
  expect(readdirSync(home)).toEqual([name]);
});

test("reset of everything keeps a copy, comments and what nobody knows", async () => {
  const home = newHome(ours);
  const { status, out } = cdp(home, "config", "reset");
  expect(status).toBe(0);
  expect(out).toContain(`${name}.old`);
  expect(readFileSync(join(home, `${name}.old`), "utf8")).toBe(ours);
  expect(textIn(home)).toContain("// mine");
  expect(textIn(home)).toContain('"later": true');
  expect(await loadConfig(home)).toMatchObject({
    problems: [],
    config: { privacy: { level: "private" } },
  });
});

test.each<[string, string[], string]>([
  ["a key", ["set", "privacy.levle", "full"], "did you mean privacy.level?"],
  ["a key without its section", ["get", "paused"], "did you mean display.paused?"],
  ["a value", ["set", "privacy.level", "ful"], "did you mean full?"],
  ["an action", ["sett"], "it is one of path, show, get, set, reset, schema"],
  ["too few words", ["set", "privacy.level"], "cdp config set KEY VALUE"],
])("%s that is wrong: one line, exit 2, the file untouched", (_, words, problem) => {
  const home = newHome(ours);
  const { status, out, err } = cdp(home, "config", ...words);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toContain(problem);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(textIn(home)).toBe(ours);
});

test("a broken file is shown as such and never written", () => {
  const home = newHome('{ "a": \n');
  expect(cdp(home, "config", "show").err).toContain("line 2: ValueExpected");
  for (const words of [["pause"], ["resume"], ["config", "set", "display.timer", "false"]]) {
    const { status, err } = cdp(home, ...words);
    expect(status).toBe(2);
    expect(err).toContain("mend it");
  }
  expect(textIn(home)).toBe('{ "a": \n');
});

test.each([
  '{ "$schema": "x", "schema_version": 3, "privacy": { "level": "full" } }\n',
  '{ "schema_version": 14, "privacy": { "enabled": true } }\n',
])("a file of a newer version is read as far as possible and never written: %s", (text) => {
  const home = newHome(text);
  const writers = [
    ["pause"],
    ["config", "set", "display.timer", "false"],
    ["config", "reset"],
    ["config", "reset", "privacy.level"],
  ];
  for (const words of writers) {
    const { status, err } = cdp(home, ...words);
    // Nothing to reset is nothing to write.
    if (status !== 0) expect([status, err.includes("is newer than this cdp")]).toEqual([2, true]);
    expect([readdirSync(home), textIn(home)]).toEqual([[name], text]);
  }
  expect(cdp(home, "pause").status).toBe(2);
  const level = text.includes("full") ? "full" : "private";
  expect(cdp(home, "config", "get", "privacy.level").out).toBe(`${level}\n`);
});

test.each([1, ...Array.from({ length: 11 }, (_, i) => i + 3)])(
  "version %d of the earlier tool is carried over once; the second time nothing is written",
  async (version) => {
    const tools = { privacy: { enabled: true, show_model: true, show_tokens: false }, mine: 1 };
    const text = JSON.stringify(version === 1 ? tools : { schema_version: version, ...tools });
    const home = newHome(text);
    const set = () => cdp(home, "config", "set", "display.timer", "false");
    expect(set().out).toContain("brought to schema_version 2");
    const { config, problems } = await loadConfig(home);
    expect(problems).toEqual([]);
    expect(config.privacy).toMatchObject({ level: "private", show_tokens: false });
    expect(config.privacy.show_model).toBeUndefined();
    expect(readFileSync(join(home, `${name}.old`), "utf8")).toBe(text);
    const before = [textIn(home), statSync(join(home, name), { bigint: true }).mtimeNs];
    expect(set().out).toBe("display.timer is false\n");
    expect([textIn(home), statSync(join(home, name), { bigint: true }).mtimeNs]).toEqual(before);
    expect(readdirSync(home).toSorted()).toEqual([name, `${name}.old`]);
  },
);

test("without a home nothing is made, and the fix is named", () => {
  const home = join(root, "none");
  expect(cdp(home, "pause")).toMatchObject({ status: 2, out: "" });
  expect(cdp(home, "config").err).toContain("use Codex once, or set CODEX_HOME");
  expect(readdirSync(root)).not.toContain("none");
  expect(cdp(home, "config", "schema").out).toContain('"schema_version"');
});

test("pause and resume survive in the file, and carry an earlier one over", async () => {
  const home = newHome('{ "schema_version": 7, "privacy": { "enabled": true } }\n');
  expect(cdp(home, "pause").out).toContain("brought to schema_version 2");
  expect((await loadConfig(home)).config.display.paused).toBe(true);
  expect(cdp(home, "pause").out).toBe("Paused: no card until cdp resume.\n");
  expect(cdp(home, "resume").out).toBe("Not paused.\n");
  expect(await loadConfig(home)).toMatchObject({
    problems: [],
    config: { display: { paused: false } },
  });
  expect(cdp(newHome(), "resume").status).toBe(0);
});
