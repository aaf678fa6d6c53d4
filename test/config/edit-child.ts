/** Sets one price after another in a config, as `cdp config set` would: `edit-child <home> <name>`. */
import { setKey } from "../../src/config/edit.ts";
import { updateConfig } from "../../src/config/update.ts";
import { tryLock } from "../../src/instance/lock.ts";
import { systemClock } from "../../src/lib/clock.ts";

const [home = "", name = ""] = process.argv.slice(2);
for (let turn = 0; turn < 5; turn += 1) {
  await updateConfig(home, (text) => setKey(text, ["display", "prices", `${name}-${turn}`], {}), {
    lock: (path) => tryLock(path, process.pid),
    clock: systemClock,
  });
}
