import { jsonText } from "../lib/printable.ts";
import type { SessionView } from "../session/session-view.ts";
import type { Usage } from "../session/usage.ts";
import type { InstanceView, PresenceView, Report } from "./report.ts";

/**
 * The report for programs, by the stable keys of the contract: every key is always there, null
 * where nothing is known. Moments are ISO 8601 in UTC.
 */
export function reportJson({ instance, presence, list, problems }: Report): string {
  const report = {
    schema: 1,
    instance: instanceJson(instance),
    presence: presenceJson(presence),
    sessions: list.sessions.map(sessionJson),
    limits: limitsJson(list.limits),
    problems,
  };
  return `${jsonText(report, 2)}\n`;
}

function instanceJson(instance: InstanceView) {
  if (instance.state === "not_running") {
    return { state: instance.state, pid: null, mode: null, started_at: null, version: null };
  }
  const { state, pid, mode, startedAt, version } = instance;
  return {
    state,
    pid: pid ?? null,
    mode: mode ?? null,
    started_at: startedAt ?? null,
    version: version ?? null,
  };
}

function presenceJson(presence: PresenceView) {
  const { paused, discord, level, lastSentAt, reason, why, acknowledged, pending } = presence;
  return {
    paused,
    discord,
    reason: reason ?? null,
    level,
    why: why ?? [],
    last_sent_at: timeOf(lastSentAt),
    ...cardJson(presence),
    acknowledged: acknowledged ?? null,
    pending: pending === undefined ? null : { ...cardJson(pending), due_at: timeOf(pending.dueAt) },
  };
}

function cardJson({ card, payload }: Pick<PresenceView, "card" | "payload">) {
  return {
    card: card === undefined ? null : { details: card.details, state: card.state ?? null },
    payload: payload ?? null,
  };
}

function sessionJson(session: SessionView) {
  const { id, surface, activity, project, title, branch, model, effort, tokens, context } = session;
  return {
    id,
    surface,
    activity: activity.kind,
    target: activity.target ?? null,
    project: project ?? null,
    title: title ?? null,
    branch: branch ?? null,
    model: model?.id ?? null,
    effort: effort ?? null,
    tokens: tokens === undefined ? null : tokensJson(tokens),
    context:
      context === undefined
        ? null
        : {
            used: context.used,
            window: context.window ?? null,
            percent: context.percent ?? null,
          },
    cost_usd: session.costUsd ?? null,
    agents: session.agents,
    started_at: timeOf(session.startedAt),
    updated_at: timeOf(session.updatedAt),
  };
}

function tokensJson({ total, last }: NonNullable<Usage["tokens"]>) {
  const { input, cached, output } = total;
  return { total: total.total, input, cached, output, last: last?.total ?? null };
}

function limitsJson(limits: Usage["limits"]) {
  if (limits === undefined) return { plan: null, windows: [], credits: null, observed_at: null };
  const windows = limits.quotas.map(({ minutes, usedPercent, resetsAt }) => ({
    minutes: minutes ?? null,
    used_percent: usedPercent,
    resets_at: timeOf(resetsAt),
  }));
  const { plan, credits, observedAt } = limits;
  return {
    plan: plan ?? null,
    windows,
    credits: credits ?? null,
    observed_at: timeOf(observedAt),
  };
}

/** What a file says may be no moment at all. */
function timeOf(ms: number | undefined): string | null {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
