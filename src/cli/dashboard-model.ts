import { effortWord } from "../codex/models.ts";
import type { Config } from "../config/schema.ts";
import type { RoleState } from "../instance/seek.ts";
import { toActivity } from "../presence/activity.ts";
import type { Composed } from "../presence/compose.ts";
import type { Delivery } from "../presence/delivery.ts";
import type { Sent } from "../presence/recipient.ts";
import type { SessionList, SessionView as Session } from "../session/session-view.ts";
import {
  type CardView,
  type History,
  levels,
  type LimitsView,
  type Model,
  type SentCard,
  type SessionView,
} from "../ui/dashboard/model.ts";
import type { Message } from "../ui/dashboard/update.ts";
import type { EngineState } from "./engine.ts";

/** What only the dashboard itself knows beside the engine. */
export interface Beside {
  readonly pinned: string | undefined;
  /** What else the person should know: a change that could not be saved. */
  readonly problems: readonly string[];
  /** Only while the previews are looked at. */
  readonly preview: ((config: Config) => Composed) | undefined;
  readonly history: History;
  readonly instance: { readonly pid: number; readonly startedAt: number };
}

/** All that the engine knows, as messages to the dashboard. */
export function messagesOf(state: EngineState, beside: Beside): readonly Message[] {
  const { list, discord, role, composed, config } = state;
  const { pinned, preview, history, instance } = beside;
  const { discord: status, reason, client, delivery } = discord;
  const publishing = role.kind === "publishing" ? { ...instance, mode: "dashboard" } : undefined;
  return [
    { type: "sessions", sessions: sessionsOf(list, pinned) },
    { type: "limits", limits: limitsOf(list.limits) },
    {
      type: "discord",
      discord: { status, reason, client, sentAt: optionalMinute(delivery.sentAt) },
    },
    { type: "card", card: sentCardOf(delivery, composed ?? nothing(config.config)) },
    ...(preview === undefined
      ? []
      : [{ type: "previews", previews: previewsOf(config.config, preview) } as const]),
    {
      type: "config",
      paused: config.config.display.paused,
      level: config.config.privacy.level,
      problems: [
        ...beside.problems.map(ofConfig),
        ...roleProblems(role),
        ...config.problems.map(ofConfig),
      ],
    },
    { type: "history", history },
    { type: "instance", instance: publishing },
  ];
}

/** A card that went out, as the log of the dashboard shows it. */
export function sentOf({ at, activity, reply }: Sent): SentCard {
  const lines = { details: activity?.details, state: activity?.state };
  if (reply === undefined) return { at, ...lines, answer: "waiting" };
  switch (reply.kind) {
    case "accepted":
      return { at, ...lines, answer: "accepted" };
    case "rejected":
      return { at, ...lines, answer: "refused", reason: `${reply.code} ${reply.message}` };
    case "unanswered":
    default:
      return { at, ...lines, answer: "lost", reason: reply.reason };
  }
}

function sessionsOf({ sessions, leader }: SessionList, pinned: string | undefined) {
  return sessions.map((session) => sessionOf(session, leader?.id, pinned));
}

/** What did not change is the same object, which is not drawn anew. */
const shown = new WeakMap<Session, SessionView>();

function sessionOf(
  session: Session,
  leader: string | undefined,
  pinned: string | undefined,
): SessionView {
  const before = shown.get(session);
  const role = { leader: session.id === leader, pinned: session.id === pinned };
  if (before?.leader === role.leader && before.pinned === role.pinned) return before;
  const view = viewOf(session, role);
  shown.set(session, view);
  return view;
}

function viewOf(session: Session, role: Pick<SessionView, "leader" | "pinned">): SessionView {
  const { id, surface, project, title, branch, model, effort, activity, tokens, context } = session;
  const { kind, since, target, until } = activity;
  return {
    id,
    surface: surface === "unknown" ? undefined : surface,
    project,
    title,
    branch,
    model: model?.label ?? model?.id,
    effort: effort === undefined ? undefined : effortWord(effort),
    tier: session.serviceTier,
    activity: { kind, since, target, until },
    startedAt: session.startedAt ?? since,
    updatedAt: optionalMinute(session.updatedAt),
    tokens: tokens === undefined ? undefined : { ...tokens.total, last: tokens.last?.total },
    context,
    costUsd: tokens === undefined ? undefined : session.costUsd,
    own: session.own,
    ...role,
  };
}

/** What is shown as an age, and those go by the minute: in between nothing of it is news. */
function optionalMinute(at: number | undefined): number | undefined {
  return at === undefined ? undefined : toMinute(at);
}

function toMinute(at: number): number {
  return at - (at % 60_000);
}

function limitsOf(limits: SessionList["limits"]): LimitsView | undefined {
  if (limits === undefined) return undefined;
  const { plan, quotas, credits, observedAt } = limits;
  return { plan, windows: quotas, credits: creditWords(credits), observedAt: toMinute(observedAt) };
}

type Credits = NonNullable<SessionList["limits"]>["credits"];

function creditWords(credits: Credits): string | undefined {
  if (credits === undefined) return undefined;
  if (credits.unlimited) return "unlimited";
  return credits.has ? (credits.balance ?? "some") : undefined;
}

function cardOf({ card, level, why }: Composed): CardView {
  return { activity: card === undefined ? undefined : toActivity(card).activity, level, why };
}

/** What Discord was sent, or will be as its first card; and what else there is to say of it. */
function sentCardOf(
  { card, acknowledged, pending }: Delivery,
  { level, why }: Pick<CardView, "level" | "why">,
): CardView {
  const first = card ?? pending?.card;
  const waits = card === undefined ? "not sent yet" : "a newer one waits";
  const unanswered = acknowledged === false ? "Discord has not taken it" : undefined;
  const note = pending === undefined ? unanswered : waits;
  return { activity: first?.activity, level, why, isSent: card !== undefined, note };
}

function nothing({ privacy }: Config): Pick<CardView, "level" | "why"> {
  return { level: privacy.level, why: [] };
}

/** Made once for a config: what composing remembers for each is worth keeping. */
const others = new WeakMap<Config, readonly Config[]>();

function previewsOf(config: Config, preview: NonNullable<Beside["preview"]>): Model["previews"] {
  const configs = others.get(config) ?? levels.map((level) => atLevel(config, level));
  others.set(config, configs);
  return Object.fromEntries(
    configs.map((each) => [each.privacy.level, cardOf(preview(each))] as const),
  );
}

function atLevel(config: Config, level: Config["privacy"]["level"]): Config {
  const { privacy, display } = config;
  return { ...config, privacy: { ...privacy, level }, display: { ...display, paused: false } };
}

const ofConfig = (problem: string): string => `Config: ${problem}`;

function roleProblems(role: RoleState): readonly string[] {
  switch (role.kind) {
    case "publishing":
      return role.problem === undefined ? [] : [`Publishing, but ${role.problem}`];
    case "waiting":
      return [`The card waits: ${role.why}`];
    case "off":
    case "failed":
      return [`No card: ${role.reason}`];
    case "seeking":
    case "following":
    case "resting":
    case "takenOver":
    default:
      return [];
  }
}
