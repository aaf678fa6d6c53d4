import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { OneHome, type OneHomeOptions } from "../support/one-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

const lock = "codex-discord-presence.lock";
const discord = (root: string) => ({ CDP_DISCORD_SOCKET: join(root, "run/discord-ipc-0") });
const nowhere = (root: string) => ({ ...discord(root), XDG_RUNTIME_DIR: "" });

test.each<[string, OneHomeOptions]>([
  ["with spaces, quotes and dollars", { name: `a 'b' "c" $d %e` }],
  ["in other letters", { name: "ホーム-é-🦀" }],
  ["with a line feed", { name: "two\nlines" }],
  ["longer than a socket's address", { name: "h".repeat(200) }],
  ["longer still, without a runtime folder", { name: "h".repeat(200), env: nowhere }],
  ["without a runtime folder", { env: nowhere }],
  [
    "with a runtime folder that is not there",
    { env: (root) => ({ ...discord(root), XDG_RUNTIME_DIR: join(root, "no") }) },
  ],
  ["with a slash behind", { env: (root) => ({ CODEX_HOME: join(root, "codex/") }) }],
])("a home %s: publishes, is taken over, is followed, leaves nothing", async (_, options) => {
  await using home = await OneHome.open(cdp, options);
  const first = home.headless();
  await waitFor("the first one's role", () => home.named === first.pid);
  await waitFor("its connection", () => home.discord.open === 1);
  const second = home.headless();
  expect([await first.exited, first.errors()]).toEqual([0, ""]);
  await waitFor("the second one's role", () => home.named === second.pid);
  expect(await home.status()).toEqual({ code: 0, state: "running", pid: second.pid });
  const wrapper = home.wrapper();
  await waitFor("the wrapper's card", () => home.discord.visible !== undefined);
  expect(home.named).toBe(second.pid);
  second.signal("SIGTERM");
  expect(await second.exited).toBe(0);
  await waitFor("the wrapper's role", () => home.named === wrapper.pid);
  wrapper.tell("end");
  expect([await wrapper.exited, wrapper.errors()]).toEqual([7, ""]);
  expect(readdirSync(home.path)).toEqual([lock]);
  expect(readdirSync(home.runtime)).toEqual(["discord-ipc-0"]);
});

test("one home by two names, a folder and a link to it, has one publisher", async () => {
  await using home = await OneHome.open(cdp);
  const link = join(home.path, "../link");
  symlinkSync(home.path, link);
  const byName = home.headless();
  await waitFor("its role", () => home.named === byName.pid);
  const byLink = home.beside("env", `CODEX_HOME=${link}`, cdp, "--headless");
  expect(await byName.exited).toBe(0);
  await waitFor("the other one's role", () => home.named === byLink.pid);
  byLink.signal("SIGKILL");
  await byLink.exited;
  const again = home.headless();
  await waitFor("the role again", () => home.named === again.pid);
  again.signal("SIGTERM");
  expect(await again.exited).toBe(0);
  expect(home.left).toEqual([lock, "discord-ipc-0"]);
});

test("two homes at once have a publisher each, and neither takes from the other", async () => {
  await using home = await OneHome.open(cdp);
  await using beside = await OneHome.open(cdp, {
    env: () => ({ XDG_RUNTIME_DIR: home.runtime }),
  });
  const [one, other] = [home.headless(), beside.headless()];
  await waitFor("both roles", () => home.named === one.pid && beside.named === other.pid);
  await waitFor("both connections", () => home.discord.open === 2);
  const [mine, theirs] = await Promise.all([home.status(), beside.status()]);
  expect([mine.pid, theirs.pid]).toEqual([one.pid, other.pid]);
  const third = home.headless();
  expect(await one.exited).toBe(0);
  await waitFor("the role", () => home.named === third.pid);
  expect(other.ended()).toBe(false);
  expect(beside.named).toBe(other.pid);
});
