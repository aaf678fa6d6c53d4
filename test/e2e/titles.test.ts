import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CodexHome } from "../support/codex-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, openStage } from "./stage.ts";

setDefaultTimeout(120_000);

const title = "A short title";
const configure = ({ path }: CodexHome, privacy: object): void => {
  const config = { schema_version: 2, privacy };
  writeFileSync(join(path, "discord-presence-config.json"), JSON.stringify(config));
};
const status = ({ env }: CodexHome): string =>
  Bun.spawnSync([cdp, "status", "--json"], { env }).stdout.toString();

test("the title that Codex made of a prompt is shown when it is switched on, and gone when off", async () => {
  await using stage = await openStage({
    prepare: ({ home }) => configure(home, { level: "full" }),
  });
  const { home, user, discord } = stage;
  await user.ready();
  await user.submit("story chat");
  await user.sees("done");
  await waitFor("the title on the disk", () => existsSync(join(home.path, "session_index.jsonl")));
  await stage.friend.sees("Waiting for input");
  expect(JSON.stringify(discord.frames)).not.toContain(title);
  expect(status(home)).not.toContain(title);

  // At a level that names nothing else.
  configure(home, { level: "private", show_title: true });
  const state = (): unknown => discord.visible?.["state"];
  await waitFor("the title on the card", () => state() === title, 30_000);
  expect(JSON.parse(status(home)).sessions[0].title).toBe(title);

  configure(home, { level: "private" });
  await waitFor("its end", () => state() === "Using Codex", 30_000);
  expect(status(home)).not.toContain(`"title": "${title}"`);
  await user.quit();
});
