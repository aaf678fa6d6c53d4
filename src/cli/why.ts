import packageJson from "../../package.json" with { type: "json" };
import { systemClock } from "../lib/clock.ts";
import { UserError } from "../lib/errors.ts";
import { askPublisher } from "../instance/request.ts";
import { sanitize } from "../terminal/text.ts";
import type { Command } from "./cdp.ts";
import { usableHome } from "./config.ts";
import { hindrancesTo } from "./hindrances.ts";
import { readPresence } from "./presence-json.ts";

const askMs = 500;

/** `cdp why`: which level, rule and switches made the card what it is. */
export const why: Command = {
  meta: { name: "why", description: "Which session, level and rule made the card" },
  examples: [["cdp why", "the card, then each reason on a line of its own"]],
  async run() {
    const home = usableHome();
    const us = { pid: process.pid, version: packageJson.version, clock: systemClock };
    const question = { ...us, home, verb: "status", timeoutMs: askMs } as const;
    const answer = await askPublisher(question);
    if (answer.kind === "notRunning") {
      say(["Nothing is published: no cdp runs.", ...hindrancesTo(home, answer.problem)]);
      return 0;
    }
    const presence = readPresence(answer);
    if (presence === undefined) {
      const reason = answer.kind === "silent" ? answer.why : "it is of another version";
      throw new UserError(`The publisher (pid ${answer.running.pid}) does not say: ${reason}.`, 1);
    }
    const { card, reason, paused } = presence;
    const shown = [card?.details, card?.state].filter((part) => part !== undefined).join(" / ");
    say([
      card === undefined ? "No card is shown." : `Card: ${shown}`,
      ...(paused ? ["display.paused is true: cdp resume shows it again"] : []),
      ...(presence.why ?? []),
      `Discord: ${presence.discord}${reason === undefined ? "" : `, ${reason}`}`,
    ]);
    return 0;
  },
};

function say(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${sanitize(line)}\n`).join(""));
}
