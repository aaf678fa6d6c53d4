import { clampText } from "./activity.ts";
import type { Disclosed } from "./disclosure.ts";
import type { Context, Quota } from "./facts.ts";
import type { Values } from "./template.ts";
import { openWords, verbs } from "./words.ts";

/**
 * The variables of templates for one session, from what is disclosed of it alone.
 *
 * @param sessions how many sessions are shown; one says nothing
 * @param now ms since the epoch
 * @param withTarget the template names the target, so the activity is a verb where there is one
 */
export function valuesOf(
  shown: Disclosed,
  sessions: number,
  now: number,
  withTarget: boolean,
): Values {
  const { activity } = shown;
  const verb = activity === undefined ? undefined : verbs[activity];
  const target = verb === undefined ? undefined : shown.target;
  const phrase = activity === undefined ? undefined : openWords[activity];
  return {
    activity: withTarget && target !== undefined ? verb : phrase,
    target,
    project: shown.project,
    branch: shown.branch,
    model: shown.model,
    effort: shown.effort,
    tokens: tokensWords(shown.tokens),
    context: contextWords(shown.context),
    quota: quotaWords(shown.quotas, now),
    cost: costWords(shown.cost),
    plan: shown.plan,
    elapsed: elapsedWords(shown.startedAt, now),
    sessions: sessions > 1 ? `${sessions} sessions` : undefined,
    title: titleWords(shown.title),
  };
}

/** The whole of it would leave no room for anything else. */
const maxTitle = 64;

function titleWords(title: string | undefined): string | undefined {
  return title === undefined ? undefined : clampText(title, maxTitle);
}

/** `950 tokens`, `12.3k tokens`, `4.5M tokens`. */
function tokensWords(tokens: number | undefined): string | undefined {
  if (tokens === undefined || !(tokens > 0) || !Number.isFinite(tokens)) return undefined;
  return `${short(tokens)} ${tokens === 1 ? "token" : "tokens"}`;
}

function short(n: number): string {
  const [divisor, unit] = n < 1000 ? [1, ""] : n < 999_950 ? [1e3, "k"] : [1e6, "M"];
  const scaled = n / divisor;
  return `${unit === "" || scaled >= 100 ? Math.round(scaled) : trimmed(scaled)}${unit}`;
}

function trimmed(n: number): string {
  return n.toFixed(1).replace(/\.0$/, "");
}

/** `45% context`: how much of the model's window is in use. */
function contextWords(context: Context | undefined): string | undefined {
  if (context === undefined || !(context.window > 0) || !(context.used >= 0)) return undefined;
  const percent = Math.round((context.used / context.window) * 100);
  return Number.isFinite(percent) ? `${Math.min(percent, 100)}% context` : undefined;
}

/** `$1.23`; less than a cent is said to be that. */
function costWords(cost: number | undefined): string | undefined {
  if (cost === undefined || !(cost > 0) || !Number.isFinite(cost)) return undefined;
  if (cost < 0.01) return "<$0.01";
  return cost < 1000 ? `$${cost.toFixed(2)}` : `$${short(cost)}`;
}

/** `12% of 5h limit`: the quota of which most is used, of those that still count. */
function quotaWords(quotas: readonly Quota[], now: number): string | undefined {
  const [most] = quotas
    .filter((quota) => Number.isFinite(quota.usedPercent) && (quota.resetsAt ?? Infinity) > now)
    .toSorted((a, b) => b.usedPercent - a.usedPercent);
  if (most === undefined) return undefined;
  const percent = Math.round(Math.min(100, Math.max(0, most.usedPercent)));
  const name = windowName(most.minutes);
  return `${percent}% of ${name === undefined ? "" : `${name} `}limit`;
}

function windowName(minutes: number | undefined): string | undefined {
  if (minutes === undefined || !Number.isSafeInteger(minutes) || minutes <= 0) return undefined;
  if (minutes === 10_080) return "weekly";
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** Whole minutes: `12m`, `1h 05m`, `2d 03h`. */
function elapsedWords(startedAt: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - startedAt) / 60_000)) || 0;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}m`;
  const two = (n: number): string => String(n).padStart(2, "0");
  return hours < 48
    ? `${hours}h ${two(minutes % 60)}m`
    : `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}
