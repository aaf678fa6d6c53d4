import { exitStatusOf } from "../doctor/check.ts";
import { diagnose } from "../doctor/doctor.ts";
import { systemClock } from "../lib/clock.ts";
import { openLog } from "../lib/log.ts";
import { outputColumns, printStyled } from "../lib/output.ts";
import { doctorJson, doctorText } from "../ui/doctor-report.ts";
import { themeOf } from "../ui/theme.ts";
import type { Command } from "./cdp.ts";
import { gatherFacts } from "./doctor-facts.ts";

/** `cdp doctor [--json]`: every check with a fix; looks at everything and changes nothing. */
export const doctor: Command = {
  meta: { name: "doctor", description: "Checks everything the card depends on, with a fix each" },
  args: { json: { type: "boolean", default: false, description: "For programs: stable keys" } },
  examples: [
    ["cdp doctor", "Codex, terminal, config, instance, Discord: what is wrong and what to do"],
    ["cdp doctor --json", "the same for a script; exits 1 when a check failed"],
  ],
  async run(values) {
    const { env } = process;
    using log = openLog(env["CDP_LOG"]);
    const checks = diagnose(await gatherFacts(env, systemClock, log));
    const columns = outputColumns();
    const text =
      values["json"] === true
        ? doctorJson(checks)
        : doctorText(checks, themeOf(env, { terminal: columns !== undefined }), columns);
    await printStyled(text);
    return exitStatusOf(checks);
  },
};
