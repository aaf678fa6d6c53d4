import type { LinkStatus } from "../discord/link.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
import { sanitize, textWidth, truncate } from "../terminal/text.ts";
import { activityText, discordWords, elapsed } from "./format.ts";
import { cardBox, type ShownCard } from "./report-card.ts";
import { ahead, type Line, limitLines, usageParts } from "./report-usage.ts";
import type { Style, Theme } from "./theme.ts";

/** The process that publishes the card, as far as can be seen from outside. */
export type InstanceView =
  | { readonly state: "not_running" }
  | {
      readonly state: "running";
      readonly pid: number | undefined;
      readonly mode: string | undefined;
      /** ISO 8601. */
      readonly startedAt: string | undefined;
      readonly version: string | undefined;
    };

/** A card, or no card, that Discord has not been sent yet. */
export interface PendingView {
  readonly card: ShownCard | undefined;
  readonly payload: unknown;
  /** When it will be sent, ms since the epoch; `undefined` while that is not known. */
  readonly dueAt: number | undefined;
}

export interface PresenceView {
  readonly paused: boolean;
  readonly discord: LinkStatus;
  readonly level: string;
  /** When Discord was last sent a card or a clear, ms since the epoch. */
  readonly lastSentAt: number | undefined;
  /** The card that was sent last; `undefined` after a clear. */
  readonly card: ShownCard | undefined;
  /** `false`: refused, or not answered in 5 s. `undefined`: nothing sent, or it may still come. */
  readonly acknowledged: boolean | undefined;
  /** What waits for its turn. */
  readonly pending: PendingView | undefined;
  /** Why Discord is in that state, and why the card is as it is. */
  readonly reason?: string | undefined;
  readonly why?: readonly string[] | undefined;
  /** The exact payload. */
  readonly payload?: unknown;
}

/** Everything `cdp status` tells. */
export interface Report {
  readonly instance: InstanceView;
  readonly presence: PresenceView;
  readonly list: SessionList;
  /** Sessions without a prompt yet, beside those of the list. */
  readonly unseen?: number;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * The report as text: a line with its newline at the end.
 *
 * @param columns lines are cut there; without it they are whole, as whoever reads a pipe expects
 * @param now ms since the epoch
 */
export function reportText(
  report: Report,
  theme: Theme,
  columns: number | undefined,
  now: number,
): string {
  const { list, problems } = report;
  const blocks: readonly (readonly Line[])[] = [
    [{ style: "strong", text: summary(report, now), breaksAt: " " }],
    ...list.sessions.map((session) => sessionLines(session, theme, now)),
    limitLines(list.limits, now),
    presenceLines(report, theme, now),
    problems.map((text): Line => ({ style: "warn", text: `! ${text}`, breaksAt: " " })),
  ];
  const texts = blocks.filter((block) => block.length > 0).map((block) => draw(block));
  return `${texts.join("\n\n")}\n`;

  function draw(block: readonly Line[]): string {
    return block.flatMap((line) => rowsOf(line)).join("\n");
  }

  function rowsOf({ style, indented, text, drawn, breaksAt }: Line): readonly string[] {
    const indent = indented === true ? "  " : "";
    const room = (columns ?? Infinity) - indent.length;
    const clean = drawn === true ? text : sanitize(text);
    const rows = breaksAt === undefined ? [clean] : broken(clean, breaksAt, room);
    const { ellipsis } = theme.glyphs;
    return rows.map((row) => {
      const fitting = columns === undefined ? row : truncate(row, room, ellipsis);
      return indent + theme.paint[style](fitting);
    });
  }
}

/** In as few rows as fit, parted only where `glue` stands. */
function broken(text: string, glue: string, columns: number): readonly string[] {
  const rows: string[] = [];
  for (const part of text.split(glue)) {
    const last = rows.at(-1);
    const longer = last === undefined ? part : `${last}${glue}${part}`;
    if (last === undefined || textWidth(longer) > columns) rows.push(part);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

function summary({ list, unseen = 0 }: Report, now: number): string {
  const { sessions, projects, startedAt } = list.aggregate;
  const fresh = unseen === 0 ? "" : `${counted(unseen, "session")} without a prompt yet`;
  if (sessions === 0 || startedAt === undefined) return fresh || "No Codex session is open.";
  const more = fresh === "" ? "" : `; ${fresh}`;
  if (sessions === 1) return `1 session${more}`;
  return `${sessions} sessions in ${counted(projects, "project")}, the first began ${ago(startedAt, now)}${more}`;
}

function ago(at: number, now: number): string {
  return now - at < 60_000 ? "just now" : `${elapsed(at, now)} ago`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

const surfaces: Readonly<Record<SessionView["surface"], string | undefined>> = {
  cli: "terminal",
  vscode: "VS Code",
  app: "app",
  exec: "codex exec",
  unknown: undefined,
};

function sessionLines(session: SessionView, theme: Theme, now: number): readonly Line[] {
  const { activity, agents, project, title, branch, surface, model, effort, serviceTier } = session;
  const doing = activityText(activity.kind, activity.target);
  const helpers = agents === 0 ? "" : ` (${counted(agents, "agent")})`;
  const place = [project ?? "somewhere", branch].filter((part) => part).join(" on ");
  const of = [
    surfaces[surface],
    [model?.label ?? model?.id, effort, serviceTier].filter((part) => part).join(" ") || undefined,
    ...usageParts(session),
    now - session.startedAt < 60_000
      ? "opened just now"
      : `open for ${elapsed(session.startedAt, now)}`,
  ].filter((part) => part !== undefined);
  const separator = ` ${theme.glyphs.separator} `;
  const named = [place, title].filter((part) => part !== undefined).join(separator);
  return [
    { style: "strong", text: named },
    {
      style: styleOf(session),
      indented: true,
      text: `${doing}${helpers}, ${since(activity.since, now)}${until(activity.until, now)}`,
    },
    { style: "quiet", indented: true, text: of.join(separator), breaksAt: separator },
  ];
}

function since(at: number, now: number): string {
  return now - at < 60_000 ? "just now" : `for ${elapsed(at, now)}`;
}

/** When a limit that is reached starts anew. */
function until(at: number | undefined, now: number): string {
  return at === undefined || at <= now ? "" : `, again ${ahead(at, now)}`;
}

function styleOf({ activity: { kind } }: SessionView): Style {
  if (kind === "approval" || kind === "question") return "ask";
  if (kind === "error") return "bad";
  if (kind === "limited") return "warn";
  return kind === "idle" || kind === "starting" ? "plain" : "busy";
}

function presenceLines({ instance, presence }: Report, theme: Theme, now: number): readonly Line[] {
  const { paused, discord, level, card, pending, reason, why = [] } = presence;
  const lines: Line[] = [{ style: "plain", text: instanceText(instance, now), breaksAt: " " }];
  const state = paused ? "paused" : `level ${level}`;
  const quiet = (text: string): Line => ({ style: "quiet", indented: true, text, breaksAt: " " });
  if (instance.state === "not_running") return [...lines, quiet(state)];
  const because = reason === undefined || isPlain(discord, reason) ? "" : ` (${reason})`;
  lines.push(quiet(`${discordWords[discord].long}${because}, ${state}`));
  lines.push(...why.filter((text) => text !== state).map((text) => quiet(text)));
  const boxOf = (shown: ShownCard): readonly Line[] =>
    cardBox(shown, theme, now).map((text) => ({
      style: "plain",
      indented: true,
      text,
      drawn: true,
    }));
  const cleared = clearedText(presence, now);
  if (card !== undefined) lines.push(quiet(`${sentText(presence, now)}:`), ...boxOf(card));
  else if (cleared !== undefined) lines.push(quiet(cleared));
  if (pending === undefined) return lines;
  if (pending.card === undefined) return [...lines, quiet(`${pendingText(pending, now)}: no card`)];
  return [...lines, quiet(`${pendingText(pending, now)}:`), ...boxOf(pending.card)];
}

/** When the card went out, and what is wrong with that: `Sent 3 min ago`. */
export function sentText(
  { lastSentAt, acknowledged }: Pick<PresenceView, "lastSentAt" | "acknowledged">,
  now: number,
): string {
  const sent = lastSentAt === undefined ? "Sent" : `Sent ${ago(lastSentAt, now)}`;
  return acknowledged === false ? `${sent}, but Discord has not taken it` : sent;
}

/** Of a card that was taken away, where Discord may show it still; `undefined` where it does not. */
export function clearedText(
  { card, lastSentAt, acknowledged }: Pick<PresenceView, "card" | "lastSentAt" | "acknowledged">,
  now: number,
): string | undefined {
  if (card !== undefined || acknowledged !== false) return undefined;
  const when = lastSentAt === undefined ? "" : ` ${ago(lastSentAt, now)}`;
  return `Cleared${when}, but Discord has not taken it: the last card may still be shown`;
}

/** When what waits will be sent: `Next, in 4 s`. */
export function pendingText({ dueAt }: Pick<PendingView, "dueAt">, now: number): string {
  if (dueAt === undefined) return "Next, once Discord is connected";
  const seconds = Math.max(0, Math.ceil((dueAt - now) / 1000));
  return seconds === 0 ? "Next, now" : `Next, in ${seconds} s`;
}

/** At which socket is nothing to be told; that a card was refused, or which of several, is. */
function isPlain(discord: LinkStatus, reason: string): boolean {
  return discord === "connected" && reason.startsWith("connected at ");
}

function instanceText(instance: InstanceView, now: number): string {
  if (instance.state === "not_running") return "Nothing is published: no cdp runs.";
  const { mode, pid, startedAt } = instance;
  const who = [mode ?? "a publisher", pid === undefined ? undefined : `pid ${pid}`];
  const began = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
  const running = Number.isNaN(began) ? "" : `, began ${ago(began, now)}`;
  return `Published by ${who.filter((part) => part).join(", ")}${running}`;
}
