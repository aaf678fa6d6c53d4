import { activityWords, dollars, elapsed, shortCount } from "../format.ts";
import { type Part, row } from "../row.ts";
import type { Theme } from "../theme.ts";
import { bar } from "./bar.ts";
import { heading } from "./heading.ts";
import { blank, clickable, drawn, empty, ink, joined, type Line, padded, turning } from "./line.ts";
import { isWorking, lookOf } from "../activity-look.ts";
import { accentOf, iconAt, textStyle } from "./look.ts";
import { leaderOf, type SessionView } from "./model.ts";
import type { Seen } from "./remembered.ts";
import type { Section } from "./stack.ts";
import { age, shortWords } from "./words.ts";

type Shown = Seen<"sessions" | "theme">;

/** The leading session: what it is, what it does, what it has used. */
export function leadSection(model: Shown, columns: number): Section {
  const session = leaderOf(model);
  const draw = (height: number): readonly Line[] =>
    session === undefined
      ? nobody(model, columns, height)
      : leader(session, model, columns, height);
  const most = session === undefined ? 4 : 7;
  return { priority: 9, min: 2, ideal: Math.min(5, most), max: most, draw };
}

/** `⠷ Editing session.ts ∙ 2m      GPT-5.5 ∙ high ∙ cli`: what a session does, and with what. */
export function activityLine(session: SessionView, model: Seen<"theme">, columns: number): Line {
  const { theme, now } = model;
  const { kind, target, since, until } = session.activity;
  const { style } = lookOf(kind);
  const parts: readonly Part[] = [
    {
      text: target === undefined ? activityWords[kind] : `${shortWords[kind]} ${target}`,
      style: textStyle(kind),
      icon: iconAt(kind, model),
      iconStyle: style,
      priority: 9,
      side: "left",
      minWidth: 16,
    },
    { text: age(since, now), style: "quiet", priority: 5, side: "left" },
    ...(until !== undefined && until > now
      ? [{ text: `again in ${elapsed(now, until)}`, priority: 8, side: "left" } as const]
      : []),
    ...quietParts([session.model, 4], [session.effort, 3], [session.surface, 2]),
  ];
  const line = drawn(row(parts, columns, theme));
  return isWorking(kind) && theme.animated ? turning(line, theme.glyphs.spinner) : line;
}

/** `Context ━━━━━━──── 48% 124k of 258k`. */
export function contextLine(session: SessionView, columns: number, theme: Theme): Line {
  const { context } = session;
  if (context === undefined)
    return labelled("Context", ink("not known yet", "quiet", theme), theme);
  const percent = percentOf(context);
  const numbers =
    context.window === undefined
      ? `${shortCount(context.used)} tokens`
      : `${shortCount(context.used)} of ${shortCount(context.window)}`;
  if (percent === undefined) return labelled("Context", ink(numbers, "plain", theme), theme);
  const share = padded(ink(`${percent}%`, "strong", theme), 4, "start");
  const room = columns - LABEL_COLS - share.width - 1;
  const tail = room >= 30 ? joined(share, blank(2), ink(numbers, "quiet", theme)) : share;
  const cells = Math.min(60, columns - LABEL_COLS - tail.width - 1);
  if (cells < 4) return labelled("Context", share, theme);
  const style = percent < 70 ? "busy" : percent < 90 ? "warn" : "bad";
  return labelled(
    "Context",
    joined(padded(bar(percent / 100, cells, style, theme), cells + 1), tail),
    theme,
  );
}

/** `Tokens  1.2M ∙ in 1.2M ∙ 82% cached ∙ out 38k ∙ last 24k`. */
export function tokensLine(session: SessionView, columns: number, theme: Theme): Line {
  const { tokens, costUsd } = session;
  const cost: readonly Part[] =
    costUsd === undefined
      ? []
      : [{ text: dollars(costUsd), style: "strong", priority: 8, side: "right" }];
  if (tokens === undefined) {
    const unknown: Part = { text: "none yet", style: "quiet", priority: 9, side: "left" };
    return labelled("Tokens", drawn(row([unknown, ...cost], columns - LABEL_COLS, theme)), theme);
  }
  const cached = tokens.input > 0 ? Math.round((100 * tokens.cached) / tokens.input) : 0;
  const detail = (text: string, priority: number): Part => ({
    text,
    style: "quiet",
    priority,
    side: "left",
  });
  const parts: readonly Part[] = [
    { text: shortCount(tokens.total), style: "strong", priority: 9, side: "left" },
    detail(`in ${shortCount(tokens.input)}`, 6),
    detail(`${Math.min(100, cached)}% cached`, 4),
    detail(`out ${shortCount(tokens.output)}`, 5),
    ...(tokens.last === undefined ? [] : [detail(`last ${shortCount(tokens.last)}`, 3)]),
    ...cost,
  ];
  return labelled("Tokens", drawn(row(parts, columns - LABEL_COLS, theme)), theme);
}

function percentOf(context: NonNullable<SessionView["context"]>): number | undefined {
  const { percent, used, window } = context;
  const known = percent ?? (window !== undefined && window > 0 ? (100 * used) / window : undefined);
  if (known === undefined || !Number.isFinite(known)) return undefined;
  return Math.min(100, Math.max(0, Math.round(known)));
}

const LABEL_COLS = 9;

function quietParts(
  ...texts: readonly (readonly [text: string | undefined, priority: number])[]
): readonly Part[] {
  return texts.flatMap(([text, priority]) =>
    text === undefined ? [] : [{ text, style: "quiet", priority, side: "right" } as const],
  );
}

function labelled(label: string, value: Line, theme: Theme): Line {
  return joined(padded(ink(label, "quiet", theme), LABEL_COLS), value);
}

function leader(
  session: SessionView,
  model: Seen<"theme">,
  columns: number,
  height: number,
): readonly Line[] {
  const { theme } = model;
  const target = { kind: "session", id: session.id } as const;
  const name = clickable(nameLine(session, model, columns), target);
  const work = clickable(activityLine(session, model, columns), target);
  const context = contextLine(session, columns, theme);
  const tokens = tokensLine(session, columns, theme);
  if (height <= 2) return [name, work];
  if (height === 3) return [name, work, context];
  if (height === 4) return [name, work, context, tokens];
  const pinned = session.pinned === true ? ink("pinned, esc unpins", "quiet", theme) : empty;
  const title = heading("Leading", pinned, columns, theme);
  if (height === 5) return [title, name, work, context, tokens];
  if (height === 6) return [title, name, work, empty, context, tokens];
  return [title, empty, name, work, empty, context, tokens];
}

/** Project and branch; how long the session has been there. */
function nameLine(session: SessionView, { theme, now }: Seen<"theme">, columns: number): Line {
  const { project, branch } = session;
  const place: readonly Part[] =
    branch === undefined
      ? []
      : [
          {
            text: branch,
            style: "quiet",
            priority: 4,
            side: "left",
            minWidth: 6,
          },
        ];
  const parts: readonly Part[] = [
    {
      text: project ?? "a session",
      style: accentOf(theme),
      priority: 9,
      side: "left",
      minWidth: 12,
    },
    ...place,
    {
      text: `session ${age(session.startedAt, now)}`,
      style: "quiet",
      priority: 3,
      side: "right",
    },
  ];
  return drawn(row(parts, columns, theme));
}

function nobody({ theme }: Shown, columns: number, height: number): readonly Line[] {
  const lines = [
    ink("No Codex session yet", "strong", theme, columns),
    ink("Start one with: cdp codex", "quiet", theme, columns),
  ];
  return height < 4 ? lines : [heading("Leading", empty, columns, theme), empty, ...lines];
}
