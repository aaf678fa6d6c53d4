import type { LoadedConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { toActivity } from "../presence/activity.ts";
import { composeCard } from "../presence/compose.ts";
import type { CardFacts } from "../presence/facts.ts";
import { displayProblems } from "../presence/layout.ts";
import { activityKinds } from "../session/activity.ts";
import { type Check, counted, fail, ok, warn } from "./check.ts";

export interface ConfigFacts {
  readonly path: string;
  readonly loaded: LoadedConfig;
}

/** The config file: readable, right in each key; what may be seen; what Discord takes of it. */
export function checkConfig({ path, loaded }: ConfigFacts): readonly Check[] {
  return [...file(path, loaded), privacy(loaded), ...templates(loaded), ...buttons(loaded)];
}

function file(path: string, { source, problems, isSilent }: LoadedConfig): readonly Check[] {
  if (source === "unreadable") {
    const fix =
      isSilent === true
        ? `Make the disk answer to which ${path} leads, or put a file in its place.`
        : `Correct ${path}, or move it away to have the defaults.`;
    return [fail("config", problems.join("; "), fix)];
  }
  if (problems.length > 0) {
    return problems.map((problem) => warn("config", problem, `Correct it in ${path}.`));
  }
  return [ok("config", source === "absent" ? `no file: the defaults count` : path)];
}

function privacy({ config, source }: LoadedConfig): Check {
  const { level, rules, words, ...switches } = config.privacy;
  const set = Object.entries(switches).filter(([, value]) => value !== undefined);
  const shown = set.filter(([, value]) => value === true).map(([name]) => name);
  const hidden = set.filter(([name, value]) => value === false && !quiet.has(name)).length;
  const parts = [
    `level ${level}: ${meanings[level]}`,
    rules.length === 0 ? undefined : counted(rules.length, "rule"),
    words.length === 0 ? undefined : `${counted(words.length, "word")} never shown`,
    shown.length === 0 ? undefined : `shown besides: ${shown.join(", ")}`,
    hidden === 0 ? undefined : `${hidden} ${hidden === 1 ? "switch" : "switches"} off`,
  ].filter((part) => part !== undefined);
  const line = parts.join("; ");
  if (config.display.paused) {
    return warn("privacy", `paused: no card is shown (${line})`, "Go on with `cdp resume`.");
  }
  if (level === "hidden" && source === "unreadable") {
    const unknown = "others see nothing: what the config hides is not known";
    return warn("privacy", unknown, "The check before says what to mend.");
  }
  if (level === "hidden") {
    return warn("privacy", line, "To show more: `cdp config set privacy.level private`.");
  }
  return ok("privacy", line);
}

/** Off unless asked for. */
const quiet = new Set(["show_repo_button", "show_title"]);

const meanings = {
  hidden: "others see nothing",
  private: "others see no project or file",
  project: "others see project and branch",
  full: "others see the file or program, too",
} as const;

function templates({ config }: LoadedConfig): readonly Check[] {
  const path = "Correct it in the config; docs/configuration.md lists the variables.";
  const problems = displayProblems(config.display, activityKinds);
  const dropped = sampleOf(config).dropped.filter((field) => field !== "buttons");
  const lost = dropped.map((field) => `Discord would not take ${field}: it is left out`);
  const all = [...problems, ...lost];
  if (all.length === 0) return [ok("templates", `preset ${config.display.preset}`)];
  return all.map((problem) => warn("templates", problem, path));
}

function buttons({ config }: LoadedConfig): readonly Check[] {
  const own = config.display.buttons.length;
  const repository = config.privacy.show_repo_button;
  if (own === 0 && !repository) return [];
  const shown = sampleOf(config).activity.buttons?.length ?? 0;
  if (shown < own) {
    const line = `${own - shown} of ${counted(own, "button")} cannot be shown`;
    const fix = "Give each a label and an http(s) address without secret or private words.";
    return [warn("buttons", line, fix)];
  }
  const line = `${counted(shown, "button")} set; you cannot see your own buttons, others can`;
  return [ok("buttons", `${line}: look from another account`)];
}

/** The card of a made-up session of which everything may be shown, as Discord would get it. */
function sampleOf(config: Config): ReturnType<typeof toActivity> {
  const open: Config = {
    ...config,
    privacy: { ...config.privacy, level: "full", rules: [] },
    display: { ...config.display, paused: false },
  };
  const person = { home: undefined, names: [] };
  const { startedAt: now, seenSince: moment } = sample;
  const { card } = composeCard({ sessions: [sample], config: open, person, now, moment });
  return card === undefined
    ? { activity: { type: 0, instance: false }, dropped: [] }
    : toActivity(card);
}

const sample: CardFacts = {
  activity: "editing",
  activitySince: 1_700_000_000_000,
  open: true,
  target: { kind: "program", text: "npm test" },
  project: "project",
  branch: "main",
  repository: {
    host: "github.com",
    owner: "owner",
    name: "project",
    url: "https://github.com/owner/project",
    credentials: false,
  },
  model: "GPT-5.5",
  effort: "medium",
  tokens: 12_300,
  context: { used: 45, window: 100 },
  cost: 1.5,
  quotas: [{ usedPercent: 12, minutes: 300, resetsAt: undefined }],
  plan: "plus",
  title: "title",
  startedAt: 1_700_000_000_000,
  seenSince: 0,
  places: {
    cwd: "/project",
    folder: { kind: "nothing", place: { realPath: "/project" }, remotes: [] },
    file: { kind: "nothing" },
  },
};
