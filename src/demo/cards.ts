import { sgr } from "../terminal/ansi.ts";
import { fit, sanitize } from "../terminal/text.ts";
import type { ReceivedCard } from "./stand-in-discord.ts";

export interface CardStyle {
  readonly cols: number;
  readonly color: boolean;
}

/** What friends read on a card. Discord adds the name it knows the application by. */
interface CardText {
  readonly heading: string;
  readonly details: string;
  readonly state: string;
  readonly elapsed: string;
}

const width = 34;
const gutter = 2;
const application = "Codex";

/** The cards in the order they came, side by side as far as the terminal is wide. */
export function drawCards(
  cards: readonly ReceivedCard[],
  startedAt: number,
  style: CardStyle,
): string {
  const perRow = Math.max(1, Math.floor((style.cols + gutter) / (width + gutter)));
  const boxes = cards.map((card) => box(card, startedAt, style.color));
  const rows: string[] = [];
  for (let i = 0; i < boxes.length; i += perRow) {
    const beside = boxes.slice(i, i + perRow);
    for (const [line] of beside[0]?.entries() ?? []) {
      rows.push(beside.map((lines) => lines[line] ?? "").join(" ".repeat(gutter)));
    }
  }
  return rows.map((row) => `${row.trimEnd()}\n`).join("");
}

/** `+3.2 s  Playing Codex · Thinking · Using Codex · 0:03 elapsed`, and a line feed. */
export function cardLine(card: ReceivedCard, startedAt: number): string {
  const text = textOf(card);
  const parts =
    text === undefined ? [taken] : [text.heading, text.details, text.state, text.elapsed];
  const said = parts.filter((part) => part !== "").join(" · ");
  return `${after(card.at - startedAt).padStart(8)}  ${said}\n`;
}

const taken = "(no card any more)";

function box(card: ReceivedCard, startedAt: number, color: boolean): readonly string[] {
  const paint = (text: string, ...look: readonly number[]): string =>
    color && text.trim() !== "" ? sgr(...look) + text + sgr(0) : text;
  const text = textOf(card);
  const content =
    text === undefined
      ? ["", `    ${taken}`, "", ""].map((line) => paint(fit(line, width - 4), 2))
      : [
          `${paint("▟▀▀▙", 36)}  ${paint(fit(text.heading, width - 10), 1)}`,
          `${paint("▌>_▐", 36)}  ${fit(text.details, width - 10)}`,
          `${paint("▜▄▄▛", 36)}  ${fit(text.state, width - 10)}`,
          `      ${paint(fit(text.elapsed, width - 10), 32)}`,
        ];
  const time = ` ${after(card.at - startedAt)} `;
  const edge = (line: string): string => paint(line, 2);
  return [
    edge(`╭─${time}${"─".repeat(width - 3 - time.length)}╮`),
    ...content.map((line) => `${edge("│")} ${line} ${edge("│")}`),
    edge(`╰${"─".repeat(width - 2)}╯`),
  ];
}

function textOf({ at, activity }: ReceivedCard): CardText | undefined {
  if (activity === undefined) return undefined;
  const text = (key: string): string => {
    const value = activity[key];
    return typeof value === "string" ? sanitize(value) : "";
  };
  const verb = verbs[Number(activity["type"] ?? 0)] ?? "Playing";
  return {
    heading: `${verb} ${text("name") || application}`,
    details: text("details"),
    state: text("state"),
    elapsed: elapsed(at, activity["timestamps"]),
  };
}

/** By the activity's type; 1 and 4 cannot be set from outside. */
const verbs: Readonly<Record<number, string>> = {
  0: "Playing",
  2: "Listening to",
  3: "Watching",
  5: "Competing in",
};

function elapsed(at: number, timestamps: unknown): string {
  if (typeof timestamps !== "object" || timestamps === null || !("start" in timestamps)) return "";
  const start = Number(timestamps.start);
  if (!Number.isFinite(start)) return "";
  const seconds = Math.max(0, Math.floor((at - start) / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const clock = hours === 0 ? String(minutes) : `${hours}:${twoDigits(minutes)}`;
  return `${clock}:${twoDigits(seconds % 60)} elapsed`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}

function after(ms: number): string {
  return `+${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}
