import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { codexBinary, makeCodexHome } from "../support/codex-home.ts";
import { codexUser } from "../support/codex-user.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { startModelService } from "../support/model-service.ts";
import { overhearDaemon } from "../support/overheard-daemon.ts";
import { endDaemon } from "../support/processes.ts";
import { spawned } from "../support/spawned.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cardsOf, cdp, detailsOf } from "./stage.ts";

setDefaultTimeout(120_000);

// Nobody's terminal tells of this approval and no rollout either: Codex runs bare, in its default
// mode, so its own daemon is the one that knows.
test("an approval in a terminal without cdp is seen by way of Codex's daemon, which is told nothing", async () => {
  await using model = startModelService();
  using home = makeCodexHome({ modelUrl: model.url, sandbox: "workspace-write" });
  await using made = new AsyncDisposableStack();
  made.defer(() => endDaemon(home.path));
  const { env } = home;
  const terminal = made.use(
    openVirtualTerminal({ command: [codexBinary()], env, cwd: home.project }),
  );
  const user = codexUser(terminal, home.path);
  await user.ready();

  const daemon = made.use(await overhearDaemon(home.path));
  const path = join(env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
  const discord = made.use(await FakeDiscord.start({ path }));
  const friendSees = (details: string) =>
    discord.waitFor((it) => detailsOf(it.visible) === details, `"${details}"`, 30_000);
  const cdpRuns = made.use(spawned([cdp, "--headless"], env));
  await waitFor("the greeting", () => daemon.sent.length >= 2, 20_000);

  await user.submit("story approve");
  await user.sees("blocked permission");
  await friendSees("Waiting for approval");
  await user.answers("enter");
  await user.sees("done");
  await friendSees("Waiting for input");
  expect(cardsOf(discord).filter((card) => card === "Waiting for approval")).toHaveLength(1);

  // Denied, it goes too.
  await user.submit("story approve");
  await user.sees("blocked permission");
  await friendSees("Waiting for approval");
  await user.answers("escape");
  await user.sees("idle");
  await friendSees("Waiting for input");

  // While it lives it is asked once; one that is gone may be looked for again.
  expect(daemon.connections).toBe(1);
  // From a daemon that is gone nothing is believed any more.
  await user.submit("story approve");
  await user.sees("blocked permission");
  await friendSees("Waiting for approval");
  await endDaemon(home.path);
  const believed = () => detailsOf(discord.visible) === "Waiting for approval";
  await discord.waitFor(() => !believed(), "another card, or none", 30_000);

  cdpRuns.signal("SIGTERM");
  expect(await cdpRuns.exited).toBe(0);
  expect(daemon.sent.map((message) => message?.method)).toEqual(["initialize", "initialized"]);
});
