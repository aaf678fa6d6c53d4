import packageJson from "../../package.json" with { type: "json" };
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { systemClock } from "../lib/clock.ts";
import { UserError } from "../lib/errors.ts";
import { openLog } from "../lib/log.ts";
import { print } from "../lib/output.ts";
import { askPublisher } from "../instance/request.ts";
import type { Evidence, SessionView } from "../session/session-view.ts";
import { sanitize } from "../terminal/text.ts";
import { activityText } from "../ui/format.ts";
import { clearedText, pendingText, sentText } from "../ui/report.ts";
import type { ShownCard } from "../ui/report-card.ts";
import type { Command } from "./cdp.ts";
import { usableHome } from "./config.ts";
import { hindrancesTo } from "./hindrances.ts";
import { readPresence } from "./presence-json.ts";
import { oneLook } from "./status.ts";
import { readTold, type Told, withTold } from "./told.ts";

const askMs = 500;

/** `cdp why`: which session, evidence, level, rule and switches made the card what it is. */
export const why: Command = {
  meta: { name: "why", description: "Which session, level and rule made the card" },
  examples: [["cdp why", "the card, then each reason on a line of its own"]],
  async run() {
    const home = usableHome();
    const us = { pid: process.pid, version: packageJson.version, clock: systemClock };
    const question = { ...us, home, verb: "status", timeoutMs: askMs } as const;
    const answer = await askPublisher(question);
    const { config, problems } = await loadConfig(home);
    const wrong = problems.map((problem) => `! ${problem}`);
    if (answer.kind === "notRunning") {
      const hindrances = hindrancesTo(home, answer.problem);
      await say(["Nothing is published: no cdp runs.", ...hindrances, ...wrong]);
      return 0;
    }
    const presence = readPresence(answer);
    if (presence === undefined) {
      const reason = answer.kind === "silent" ? answer.why : "it is of another version";
      throw new UserError(`The publisher (pid ${answer.running.pid}) does not say: ${reason}.`, 1);
    }
    const { card, pending, reason, paused } = presence;
    const now = Date.now();
    await say([
      card === undefined
        ? (clearedText(presence, now) ?? "No card is shown.")
        : `Card: ${cardText(card)}`,
      ...(card === undefined ? [] : [`${sentText(presence, now)}.`]),
      ...(pending === undefined ? [] : [`${pendingText(pending, now)}: ${cardText(pending.card)}`]),
      ...(paused ? ["display.paused is true: cdp resume shows it again"] : []),
      ...(await sessionLines(home, config, readTold(answer))),
      ...(presence.why ?? []),
      ...wrong,
      `Discord: ${discordText(presence.discord, reason)}`,
    ]);
    return 0;
  },
};

function cardText(card: ShownCard | undefined): string {
  if (card === undefined) return "no card";
  return [card.details, card.state].filter((part) => part !== undefined).join(" / ");
}

/** Which session the card is of, and who says what it does; for the person's own eyes. */
async function sessionLines(
  home: string,
  config: Config,
  told: readonly Told[],
): Promise<readonly string[]> {
  const shown = told.find((one) => one.shown);
  if (shown === undefined) return [];
  using log = openLog(process.env["CDP_LOG"]);
  using watch = oneLook(home, config, systemClock, log);
  const { sessions } = withTold(await watch.look(), told);
  const session = sessions.find(({ id }) => id === shown.id);
  const does = session?.activity ?? { kind: shown.kind, target: undefined };
  return [
    `Session: ${session === undefined ? "one without a prompt yet" : nameOf(session)}`,
    `Activity: ${activityText(does.kind, does.target)}, by ${evidenceWords[shown.evidence]}`,
  ];
}

/** The state, unless the reason begins with it: `connected at …`. */
function discordText(state: string, reason: string | undefined): string {
  if (reason === undefined) return state;
  return reason.startsWith(state) ? reason : `${state}, ${reason}`;
}

function nameOf({ project, branch, id }: SessionView): string {
  return `${[project ?? "somewhere", branch].filter((part) => part).join(" on ")}, thread ${id}`;
}

const evidenceWords: Readonly<Record<Evidence, string>> = {
  terminal: "what Codex tells its terminal",
  wrapper: "what Codex tells the terminal of another cdp",
  daemon: "what Codex's daemon tells",
  title: "the title of its window",
  rollout: "its rollout",
};

function say(lines: readonly string[]): Promise<void> {
  return print(lines.map((line) => `${sanitize(line)}\n`).join(""));
}
