/**
 * Four things that must be so before anything else is looked at, on the compiled program: a publisher
 * is seen while it runs and no longer; a second one takes over; what the config says shows in the
 * doctor; `cdp` alone is the dashboard. Part of `npm test`; by hand, after a build:
 * `node_modules/.bin/bun scripts/smoke.ts`.
 */
import { join } from "node:path";
import { OneHome } from "../test/support/one-home.ts";
import { waitFor } from "../test/support/wait-for.ts";
import { check, fail, finish, same } from "./real/support/report.ts";
import { cdp } from "./real/support/stage.ts";

await check("running: seen at once, and no longer once it was killed", async () => {
  await using home = await OneHome.open(cdp);
  const seen = async () => JSON.stringify(await home.status());
  const nobody = '{"code":3,"state":"not_running","pid":null}';
  same("before", await seen(), nobody);
  const publisher = home.headless();
  await waitFor("the publisher", () => home.named === publisher.pid);
  same("while it runs", await seen(), `{"code":0,"state":"running","pid":${publisher.pid}}`);
  publisher.signal("SIGKILL");
  await publisher.exited;
  same("after kill -9", await seen(), nobody);
});

await check(
  "takeover: the second dashboard publishes, the first says by whom and ends",
  async () => {
    await using home = await OneHome.open(cdp);
    const first = home.dashboard();
    await waitFor("the first one's role", () => home.named === first.pid);
    const second = home.dashboard();
    same("the first one's end", JSON.stringify(await first.exited), '{"code":0}');
    same("its last word", first.screen().join("").trim(), `cdp: taken over by pid ${second.pid}`);
    await waitFor("the second one's role", () => home.named === second.pid);
    await waitFor("its connection", () => home.discord.open === 1);
  },
);

await check("config: what is set shows in the doctor", async () => {
  await using home = await OneHome.open(cdp);
  await run(home, "config", "set", "privacy.level", "project");
  const { checks } = JSON.parse(await run(home, "doctor", "--json")) as {
    readonly checks: readonly { readonly name: string; readonly line: string }[];
  };
  const lineOf = (name: string) => checks.find((each) => each.name === name)?.line ?? "";
  same("config", lineOf("config"), join(home.path, "discord-presence-config.json"));
  if (!lineOf("privacy").startsWith("level project")) fail(lineOf("privacy"));
});

await check("dashboard: `cdp` in a terminal; in a pipe the status report", async () => {
  await using home = await OneHome.open(cdp);
  const dashboard = home.dashboard();
  await dashboard.waitForText(/dashboard ∙ pid/);
  await dashboard.waitForText(/Discord +◉ connected/);
  dashboard.type("q");
  same("its end", JSON.stringify(await dashboard.exited), '{"code":0}');
  same("in a pipe", await run(home), await run(home, "status"));
});

finish();

async function run(home: OneHome, ...words: readonly string[]): Promise<string> {
  const child = Bun.spawn([cdp, ...words], {
    env: { ...home.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  return await new Response(child.stdout).text();
}
