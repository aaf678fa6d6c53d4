import { beforeAll, expect, test } from "bun:test";
import { choiceOf } from "../../src/discord/choice.ts";
import type { Publisher } from "../../src/presence/publisher.ts";
import { discordFaults } from "../support/discord-faults.ts";
import type { FaultStage } from "../support/fault-stage.ts";
import { DiscordScene, loadPackage } from "../support/discord-scene.ts";

beforeAll(loadPackage);

// The same table runs on the compiled program: test/e2e/discord-faults.test.ts.

for (const [name, run] of Object.entries(discordFaults)) {
  test(name, async () => {
    await using scene = DiscordScene.withFakeClock();
    const stage = stageOf(scene);
    await run(stage);
    const { ms } = await stage.end();
    expect(ms).toBeLessThanOrEqual(200);
    expect(scene.clock.pending).toBe(0);
  });
}

/** Our own publisher on a clock that runs ahead. */
function stageOf(scene: DiscordScene): FaultStage {
  let publisher: Publisher | undefined;
  let count = 0;
  let setting = "first";
  const wanted = (): string => `Card ${count}`;
  const until: FaultStage["until"] = (condition, what, ms) =>
    scene.clock.runUntil(condition, what, ms);
  return {
    folder: scene.folder,
    clock: scene.clock,
    discord: (faults = {}, number = 0) => scene.discord({ faults }, number),
    begin: (choice = "first") => {
      setting = choice;
      publisher = scene.publisher({ choice: () => choiceOf(setting) });
      publisher.publish({ details: wanted() });
      return Promise.resolve();
    },
    choose: (choice) => {
      setting = choice;
      publisher?.reconnect();
    },
    change: () => {
      count += 1;
      publisher?.publish({ details: wanted() });
    },
    get wanted() {
      return wanted();
    },
    state: () => Promise.resolve(publisher!.state),
    until,
    end: async () => {
      const from = scene.clock.monotonic();
      let closed = false;
      void publisher!.close().then(() => (closed = true));
      await until(() => closed, "closed", 1000);
      return { ms: scene.clock.monotonic() - from, output: "" };
    },
  };
}
