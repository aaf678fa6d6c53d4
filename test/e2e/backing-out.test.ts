import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OneHome } from "../support/one-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

// The commands of docs/backing-out.md, run as they stand there.

const page = readFileSync(resolve(import.meta.dir, "../../docs/backing-out.md"), "utf8");
const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, text]) => text!);
const block = (word: string): string => blocks.find((text) => text.includes(word))!;
const earlier = '{ "schema_version": 13, "privacy": { "enabled": true } }';

function sh(home: OneHome, script: string, more: Readonly<Record<string, string>> = {}) {
  const env = { ...home.env, PATH: `${dirname(cdp)}:${home.env["PATH"]}`, ...more };
  const child = Bun.spawnSync(["sh", "-uc", script], { env, stdin: "ignore" });
  return { code: child.exitCode, text: child.stdout.toString() + child.stderr.toString() };
}

/** A home that Codex has used, in which `cdp` was killed wherever it leaves something. */
async function usedUp(home: OneHome): Promise<void> {
  const file = (name: string, text = ""): void => writeFileSync(join(home.path, name), text);
  file("auth.json");
  mkdirSync(join(home.path, "sessions"));
  file("discord-presence-config.json", earlier);
  expect(sh(home, "cdp config set display.timer false").code).toBe(0);
  file("discord-presence-config.json.lock");
  file(".discord-presence-config.json.tmp");
  file("codex-discord-presence.instance.json.new");
  const publisher = home.headless();
  await waitFor("the publisher", () => home.named === publisher.pid);
  publisher.signal("SIGKILL");
  await publisher.exited;
  for (const folder of [home.path, home.runtime]) mkdirSync(join(folder, "cdp-a1B2c3"));
  mkdirSync(join(home.path, "cdp-control"));
  file("codex-discord-presence.instance.json.new");
}

test.each([
  ["with a runtime folder", (home: OneHome) => home.env["XDG_RUNTIME_DIR"]!],
  ["without one", () => ""],
])("%s: nothing of ours is left, and nothing of Codex's or Discord's goes", async (_, runtime) => {
  await using home = await OneHome.open(cdp);
  await usedUp(home);
  const status = sh(home, block("cdp status"));
  expect([status.code, status.text.includes("Nothing is published")]).toEqual([3, true]);
  const elsewhere = join(home.runtime, "dotfiles.json");
  writeFileSync(elsewhere, "{}");
  rmSync(join(home.path, "discord-presence-config.json"));
  symlinkSync(elsewhere, join(home.path, "discord-presence-config.json"));
  const more = { XDG_RUNTIME_DIR: runtime(home) };
  expect(sh(home, block("find"), more).text).toBe("");
  expect(readdirSync(home.path).toSorted()).toEqual(["auth.json", "sessions"]);
  const outside = readdirSync(home.runtime).filter((name) => !name.startsWith("cdp-"));
  expect(outside.toSorted()).toEqual(["discord-ipc-0", "dotfiles.json"]);
  if (runtime(home) !== "") expect(readdirSync(home.runtime).length).toBe(2);
});

test("the earlier tool's file comes back as it was, and without one it is private", async () => {
  await using home = await OneHome.open(cdp);
  await usedUp(home);
  const config = (): string =>
    readFileSync(join(home.path, "discord-presence-config.json"), "utf8");
  expect(config()).not.toBe(earlier);
  expect(sh(home, block("mv -f")).code).toBe(0);
  expect(config()).toBe(earlier);
  expect(sh(home, block("echo")).code).toBe(0);
  expect(JSON.parse(config())).toMatchObject({ schema_version: 2, privacy: { enabled: true } });
});

test("what is unset may be unset, and the rest of the page's commands are shell", async () => {
  await using home = await OneHome.open(cdp);
  expect(sh(home, block("unset").replace("type codex", "type sh")).code).toBe(0);
  expect(blocks.length).toBe(5);
});
