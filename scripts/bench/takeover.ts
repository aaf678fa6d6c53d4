/**
 * How soon things end and pass on: the role of a publisher that was killed goes to another `cdp`, a
 * dashboard ends when its terminal vanishes, a headless publisher when it is told to.
 */
import { OneHome } from "../../test/support/one-home.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { judge, sayLoad } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median } from "./statistics.ts";

const goalMs = 1000;
const { cdp, scale } = benchOptions();
const [program] = cdp;
if (cdp.length !== 1 || program === undefined) throw new Error("only a `cdp` has a role");
const rounds = Math.max(1, Math.round(10 * scale));

const killed: number[] = [];
const vanished: number[] = [];
const ended: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  await measure();
}

sayLoad();
judge(
  [
    { name: "killed publisher to the next one, p50", took: killed },
    { name: "terminal gone to the dashboard's end, p50", took: vanished },
    { name: "SIGTERM to the publisher's end, p50", took: ended },
  ].map(({ name, took }) => ({ name, value: median(took), limit: goalMs, unit: "ms", digits: 0 })),
);

async function measure(): Promise<void> {
  await using home = await OneHome.open(program!);
  const first = home.headless();
  await waitFor("its role", () => home.named === first.pid);
  const wrapper = home.wrapper();
  await waitFor("a card", () => home.discord.visible !== undefined);
  let from = performance.now();
  first.signal("SIGKILL");
  await waitFor("the wrapper's role", () => home.named === wrapper.pid);
  killed.push(performance.now() - from);

  const dashboard = home.dashboard();
  await waitFor("the dashboard's role", () => home.named === dashboard.pid);
  from = performance.now();
  dashboard.hangUp();
  await dashboard.exited;
  vanished.push(performance.now() - from);

  const second = home.headless();
  await waitFor("its role", () => home.named === second.pid);
  from = performance.now();
  second.signal("SIGTERM");
  await second.exited;
  ended.push(performance.now() - from);
}
