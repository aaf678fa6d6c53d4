import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OneHome } from "../support/one-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

const configOf = (home: OneHome) => join(home.path, "discord-presence-config.json");
const open = { $schema: "x", privacy: { level: "full" } };

function ask(home: OneHome, ...words: readonly string[]) {
  const child = Bun.spawnSync([cdp, ...words], { env: { ...home.env }, stdin: "ignore" });
  return { code: child.exitCode, text: child.stdout.toString() + child.stderr.toString() };
}

/** Frames of Discord that showed anything. */
const shown = (home: OneHome) => home.discord.updates.filter(({ activity }) => activity);

const manyRules = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ path: `/elsewhere/${i}`, level: "hidden" }));

const unread: readonly (readonly [name: string, make: (path: string) => void, why: string])[] = [
  ["a folder in its place", (path) => mkdirSync(path), "is not a regular file"],
  ["a circle of links", (path) => symlinkSync(path, path), "ELOOP"],
  ["a link that leads nowhere", (path) => symlinkSync("nowhere", path), "leads nowhere"],
  [
    "100 000 rules",
    (path) => {
      const privacy = { level: "full", rules: manyRules(100_000) };
      writeFileSync(path, JSON.stringify({ ...open, privacy }));
    },
    "is larger than 1 MB",
  ],
];

test.each(unread)("%s: not one frame shows anything until it is mended", async (_, make, why) => {
  await using home = await OneHome.open(cdp);
  make(configOf(home));
  const pane = home.pane();
  await pane.waitForText(/up/);
  await pane.waitForText(/no card is shown until it can be read|! config: .*json/);
  await waitFor("its role", () => home.named === pane.pid);
  await waitFor("Discord", () => home.discord.accepted > 0);
  const status = ask(home, "status").text;
  expect(status).toContain(why);
  expect(status).toContain("no card is shown until it can be read");
  expect(ask(home, "why").text).toContain(why);
  const doctor = ask(home, "doctor");
  expect(doctor.text).toMatch(/FAIL config +discord-presence-config\.json: /);
  expect(doctor.code).toBe(1);
  expect(ask(home, "config", "get", "privacy.level").text).toContain("hidden");
  expect(shown(home)).toEqual([]);
  rmSync(configOf(home), { recursive: true });
  writeFileSync(configOf(home), JSON.stringify(open));
  await waitFor("a card", () => home.discord.visible !== undefined);
});

test("every rule counts: the 301st hides", async () => {
  await using home = await OneHome.open(cdp);
  const write = (rules: readonly object[]) =>
    writeFileSync(configOf(home), JSON.stringify({ ...open, privacy: { level: "full", rules } }));
  write([...manyRules(300), { path: "/**", level: "hidden" }]);
  const pane = home.pane();
  await pane.waitForText(/up/);
  await waitFor("Discord", () => home.discord.accepted > 0);
  await waitFor("the rule", () => ask(home, "why").text.includes("rule 301 (path /**): hidden"));
  expect(shown(home)).toEqual([]);
  write(manyRules(300));
  await waitFor("a card", () => home.discord.visible !== undefined);
});

test("every word counts: the 50 000th is masked", async () => {
  await using home = await OneHome.open(cdp);
  const words = [...Array.from({ length: 50_000 }, (_, i) => `word${i}x`), "quillfeather"];
  const display = { details: "at quillfeather now" };
  const config = { ...open, privacy: { level: "full", words }, display };
  writeFileSync(configOf(home), JSON.stringify(config));
  home.pane();
  await waitFor("a card", () => home.discord.visible !== undefined);
  expect(home.discord.visible?.["details"]).toBe("at … now");
  expect(JSON.stringify(home.discord.frames)).not.toContain("quillfeather");
});

test("a word that is none, in a list of words: no card until it is mended", async () => {
  await using home = await OneHome.open(cdp);
  const config = { ...open, privacy: { level: "full", words: ["acme", { word: "beta" }] } };
  writeFileSync(configOf(home), JSON.stringify(config));
  const pane = home.pane();
  await pane.waitForText(/up/);
  await waitFor("Discord", () => home.discord.accepted > 0);
  await waitFor("the reason", () => ask(home, "why").text.includes("privacy.words[1]"));
  expect(shown(home)).toEqual([]);
  writeFileSync(configOf(home), JSON.stringify(open));
  await waitFor("a card", () => home.discord.visible !== undefined);
});
