import { hero, heroSize } from "../banner.ts";
import { textWidth } from "../../terminal/text.ts";
import { discordWords } from "../format.ts";
import { type Part, row } from "../row.ts";
import type { Style, Theme } from "../theme.ts";
import { shapesOf } from "./glyphs.ts";
import { blank, drawable, drawn, empty, ink, joined, type Line, padded } from "./line.ts";
import { isWorking } from "../activity-look.ts";
import { mark, markCols } from "./mark.ts";
import type { Model } from "./model.ts";
import { latest, type Seen } from "./remembered.ts";
import { age } from "./words.ts";

/** Rows of `heroHeader`. */
export const heroRows = heroSize.rows;

type Shown = Seen<"card" | "discord" | "instance" | "paused" | "theme">;

/** How many sessions there are, how many work, and how many wait for their person. */
export type Counts = readonly [all: number, working: number, waiting: number];

/** Mark and hero banner; from `column` on where we stand: Discord, privacy, this program. */
export function heroHeader(
  model: Shown,
  columns: number,
  column: number,
  ...counts: Counts
): readonly Line[] {
  const facts = factLines(model, columns - column, counts);
  return banner(model.theme).map((line, i) => joined(padded(line, column), facts[i] ?? empty));
}

const banner = latest((theme: Theme): readonly Line[] => {
  const logo = mark(theme);
  return hero(theme).map((text, i) => {
    const word = { text, width: heroSize.cols, spots: [] };
    return joined(logo[i] ?? blank(markCols), blank(2), word);
  });
});

/** The sessions, counted for the banner. */
export function countsOf({ sessions }: Pick<Model, "sessions">): Counts {
  const kinds = sessions.map(({ activity }) => activity.kind);
  const waiting = kinds.filter((kind) => kind === "approval" || kind === "question");
  return [kinds.length, kinds.filter(isWorking).length, waiting.length];
}

/** One row: the name of the program, how many sessions, Discord. */
export function headerRow(
  model: Seen<"discord" | "paused" | "sessions" | "theme">,
  columns: number,
): Line {
  const { theme, sessions, paused } = model;
  const parts: readonly Part[] = [
    { text: `${theme.glyphs.bar}CODEX`, style: "brand", priority: 9, side: "left" },
    { text: sessionCount(sessions.length), style: "quiet", priority: 3, side: "left" },
    ...(paused ? [pausedPart(theme)] : []),
    discordPart(model, columns < 60 ? "short" : "long"),
  ];
  return drawn(row(parts, columns, theme));
}

/** At the right end why Discord is not connected; nothing while it is. */
export function reasonRow(
  { discord, theme }: Pick<Model, "discord" | "theme">,
  columns: number,
): Line {
  if (discord.status === "connected") return empty;
  const reason = ink(discord.reason, "quiet", theme, columns);
  return reason.width === 0 ? empty : padded(reason, columns, "start");
}

function factLines(model: Shown, columns: number, counts: Counts): readonly Line[] {
  const { theme, discord, instance, now, paused } = model;
  const fact = (label: string, parts: readonly Part[]): Line =>
    joined(
      padded(ink(label, "quiet", theme, LABEL_COLS), LABEL_COLS),
      drawn(row(parts, Math.max(0, columns - LABEL_COLS), theme)),
    );
  const plain = (text: string, style: Style = "plain", priority = 5): Part => ({
    text,
    style,
    priority,
    side: "left",
    minWidth: 6,
  });
  const client = discord.client === undefined ? [] : [plain(discord.client, "quiet", 4)];
  const facts = [
    fact("Discord", [discordPart(model, "short", "left"), ...client]),
    ...reasonLines(model, columns - LABEL_COLS).map((text) => fact("", [plain(text, "quiet")])),
    fact(
      "Card",
      paused ? [pausedPart(theme), plain("p resumes", "quiet", 3)] : cardParts(model, plain),
    ),
    fact("Sessions", sessionParts(counts, theme, plain)),
  ];
  if (instance === undefined) return facts;
  const since = age(instance.startedAt, now);
  const running = [
    whole(since === "now" ? "just now" : since, 5, "plain"),
    whole(instance.mode, 4),
    whole(`pid ${instance.pid}`, 3),
  ];
  return [...facts, fact("Running", running)];
}

/** Shown whole or not at all. */
function whole(text: string, priority: number, style: Style = "quiet"): Part {
  return { text, style, priority, side: "left" };
}

/** Why Discord is not connected, in two rows if need be; else when the last card was sent. */
function reasonLines({ discord, now, theme }: Shown, columns: number): readonly string[] {
  const { status, sentAt } = discord;
  if (status === "connected") {
    return [sentAt === undefined ? "no card yet" : `card ${ago(sentAt, now)}`];
  }
  const reason = drawable(discord.reason, theme);
  if (textWidth(reason) <= columns) return [reason];
  const words = reason.split(" ");
  const fits = words.findIndex((_, i) => textWidth(words.slice(0, i + 1).join(" ")) > columns);
  return fits < 1 ? [reason] : [words.slice(0, fits).join(" "), words.slice(fits).join(" ")];
}

const LABEL_COLS = 10;

function sessionParts(
  [all, working, waiting]: Counts,
  theme: Theme,
  plain: (text: string, style?: Style, priority?: number) => Part,
): readonly Part[] {
  return [
    plain(String(all)),
    ...(working === 0 ? [] : [plain(`${working} working`, "quiet", 4)]),
    ...(waiting === 0 ? [] : [needsYou(waiting, theme)]),
  ];
}

function cardParts(
  { card, discord }: Shown,
  plain: (text: string, style?: Style, priority?: number) => Part,
): readonly Part[] {
  if (card.level === "hidden") return [plain("hidden")];
  const waits = discord.status === "connected" ? "not sent yet" : "waits for Discord";
  const state = card.isSent === false || discord.status !== "connected" ? waits : "shown";
  return [
    plain(card.activity === undefined ? "nothing to show" : state),
    plain(card.level, "quiet", 4),
  ];
}

function discordPart(
  { discord, theme }: Pick<Model, "discord" | "theme">,
  length: "long" | "short",
  side: Part["side"] = "right",
): Part {
  return {
    text: discordWords[discord.status][length],
    icon: theme.glyphs[discord.status],
    iconStyle: discordStyles[discord.status],
    priority: 7,
    side,
  };
}

function pausedPart(theme: Theme): Part {
  return {
    text: "paused",
    style: "strong",
    icon: shapesOf(theme).paused,
    iconStyle: "warn",
    priority: 8,
    side: "left",
  };
}

function needsYou(waiting: number, theme: Theme): Part {
  return {
    text: waiting === 1 ? "1 needs you" : `${waiting} need you`,
    style: "strong",
    icon: theme.glyphs.approval,
    iconStyle: "warn",
    priority: 6,
    side: "left",
  };
}

function sessionCount(n: number): string {
  return n === 1 ? "1 session" : `${n} sessions`;
}

function ago(at: number, now: number): string {
  const words = age(at, now);
  return words === "now" ? "just now" : `${words} ago`;
}

const discordStyles: Readonly<Record<Model["discord"]["status"], Style>> = {
  connected: "good",
  connecting: "warn",
  absent: "quiet",
  refused: "bad",
  unknown: "quiet",
};
