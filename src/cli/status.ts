import packageJson from "../../package.json" with { type: "json" };
import type { CodexHome } from "../codex/home.ts";
import type { Met } from "../codex/met.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { askPublisher } from "../instance/request.ts";
import { systemClock, type Clock } from "../lib/clock.ts";
import { openLog, type Log } from "../lib/log.ts";
import { outputColumns, printStyled } from "../lib/output.ts";
import { noSessions } from "../session/session-view.ts";
import { reportJson } from "../ui/report-json.ts";
import { type InstanceView, type PresenceView, type Report, reportText } from "../ui/report.ts";
import { themeOf } from "../ui/theme.ts";
import type { Command } from "./cdp.ts";
import { openDiskOnce } from "./disk-once.ts";
import { hindrancesTo } from "./hindrances.ts";
import { codexHome } from "./home.ts";
import { readPresence } from "./presence-json.ts";
import { openSessionWatch, type SessionWatch } from "./session-watch.ts";
import { readTold, type Told, withoutPrompt, withTold } from "./told.ts";

/** Who publishes for a home, and what. */
export type PublisherProvider = (
  home: string,
  config: Config,
) => Promise<{
  readonly instance: InstanceView;
  readonly presence: PresenceView;
  /** Why nobody could publish, a sentence each. */
  readonly problems?: readonly string[];
  /** What the publisher knows of sessions that no file tells. */
  readonly told?: readonly Told[];
}>;

/** How long the publisher may take to answer, ms. */
const askMs = 50;
/** No publisher runs. */
const nobodyStatus = 3;
/** A network disk that does not answer must not keep a person waiting. */
const folderDeadlineMs = 50;

/** `cdp status [--json]`: one look, which writes nothing and disturbs nobody. */
export const status: Command = {
  meta: { name: "status", description: "What Codex does right now, its usage and its limits" },
  args: { json: { type: "boolean", default: false, description: "For programs: stable keys" } },
  examples: [
    ["cdp status", "sessions, usage, limits and what is published"],
    ["cdp status --json", "the same for a script; exits 3 when nothing is published"],
  ],
  async run(values) {
    const { env } = process;
    using log = openLog(env["CDP_LOG"]);
    const report = await makeReport(codexHome(env), systemClock, log);
    const columns = outputColumns();
    const theme = themeOf(env, { terminal: columns !== undefined });
    const text =
      values["json"] === true ? reportJson(report) : reportText(report, theme, columns, Date.now());
    await printStyled(text);
    return report.instance.state === "running" ? 0 : nobodyStatus;
  },
};

/** Looks once at sessions and publisher. */
async function makeReport(
  home: CodexHome,
  clock: Clock,
  log: Log,
  provider: PublisherProvider = askedOf(clock),
): Promise<Report> {
  if (!home.ok) {
    const where = `Codex's home (${home.path ?? "HOME is not set"})`;
    const problem =
      home.reason === "open"
        ? `${where} is not used: ${home.why}. ${home.fix}`
        : `${where} is ${homeWords[home.reason]}`;
    return { ...nobody, list: noSessions, problems: [problem] };
  }
  const { config, problems } = await loadConfig(home.path);
  using watch = oneLook(home.path, config, clock, log);
  const [list, publisher] = await Promise.all([watch.look(), provider(home.path, config)]);
  const all = [...(publisher.problems ?? []), ...problems, ...metWords(watch.met)];
  const { told = [], instance, presence } = publisher;
  const unseen = withoutPrompt(told);
  return { instance, presence, list: withTold(list, told), unseen, problems: all };
}

/** What there is to be seen of a home's sessions, once and quickly. */
export function oneLook(home: string, config: Config, clock: Clock, log: Log): SessionWatch {
  return openSessionWatch({
    home,
    disk: openDiskOnce(),
    clock,
    log,
    deadlineMs: folderDeadlineMs,
    prices: () => config.display.prices,
    titles: () => config.privacy.show_title,
  });
}

const homeWords = {
  unset: "unknown",
  missing: "not there: Codex has not been used yet",
  notAFolder: "no folder",
  notOurs: "somebody else's: run cdp as its owner, without sudo",
  unreadable: "not readable",
} as const;

const nobody = {
  instance: { state: "not_running" },
  presence: {
    paused: false,
    discord: "unknown",
    level: "private",
    lastSentAt: undefined,
    card: undefined,
    acknowledged: undefined,
    pending: undefined,
  },
} as const satisfies Pick<Report, "instance" | "presence">;

/** Asks the publisher itself; what it does not say in time is told by files and locks. */
function askedOf(clock: Clock): PublisherProvider {
  return async (home, config) => {
    const us = { pid: process.pid, version: packageJson.version };
    const answer = await askPublisher({ ...us, home, verb: "status", clock, timeoutMs: askMs });
    const { display, privacy } = config;
    const outside = { ...nobody.presence, paused: display.paused, level: privacy.level };
    if (answer.kind === "notRunning") {
      const hindrances = hindrancesTo(home, answer.problem);
      return { instance: nobody.instance, presence: outside, problems: hindrances };
    }
    const { pid, mode, startedAt, version } = answer.running;
    const instance = { state: "running", pid, mode, startedAt, version } as const;
    const silent = answer.kind === "silent" ? { ...outside, reason: answer.why } : outside;
    return { instance, presence: readPresence(answer) ?? silent, told: readTold(answer) };
  };
}

function metWords(met: Met): readonly string[] {
  const parts = [
    [met.broken, "broken line"],
    [met.long, "overlong line"],
    [met.refused, "unreadable file"],
  ] as const;
  const some = parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`);
  return some.length === 0 ? [] : [`Passed over in Codex's rollouts: ${some.join(", ")}`];
}
