/** How long the dashboard takes to draw twenty sessions on a large terminal. */
import { screen } from "../../src/ui/dashboard/view.ts";
import { busy, now, session } from "../../test/ui/dashboard/models.ts";
import { judge, sayLoad } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median } from "./statistics.ts";

const goalMs = 4;
const sessions = Array.from({ length: 20 }, (_, i) => session(`project-${i}`));
const took = Array.from(
  { length: Math.max(10, Math.round(200 * benchOptions().scale)) },
  (_, i) => {
    const model = busy({ rows: 45, cols: 160 }, "truecolor", { sessions, now: now + i });
    const start = performance.now();
    screen(model);
    return performance.now() - start;
  },
);
sayLoad();
judge([{ name: "20 sessions drawn, p50", value: median(took), limit: goalMs, unit: "ms" }]);
