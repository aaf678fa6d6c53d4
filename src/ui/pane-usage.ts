import type { SessionView } from "../session/session-view.ts";
import type { Quota, Usage } from "../session/usage.ts";
import { dollars, shortCount } from "./format.ts";
import type { Part } from "./row.ts";
import type { Style, Theme } from "./theme.ts";

/** The model as people say it, with its effort. */
export function modelPart({ model, effort }: SessionView): Part | undefined {
  const name = model?.label ?? model?.id;
  if (name === undefined) return undefined;
  const text = effort === undefined ? name : `${name} ${effort}`;
  return { text, priority: 4, side: "right", minWidth: 16 };
}

/** @param words whether there is room to say what is counted */
export function tokensPart({ tokens }: SessionView, words: boolean): Part | undefined {
  if (tokens === undefined) return undefined;
  const text = shortCount(tokens.total.total) + (words ? " tokens" : "");
  return { text, style: "quiet", priority: 3, side: "right" };
}

export function costPart({ costUsd }: SessionView): Part | undefined {
  if (costUsd === undefined || !Number.isFinite(costUsd)) return undefined;
  return { text: dollars(costUsd), style: "quiet", priority: 2, side: "right" };
}

/** `41% of 258k` behind a bar of so many cells; the fuller, the louder and the more important. */
export function contextPart(
  { context }: SessionView,
  cells: number,
  theme: Theme,
): Part | undefined {
  if (context === undefined) return undefined;
  const { used, window, percent } = context;
  if (window === undefined || percent === undefined) {
    return { text: `context ${shortCount(used)}`, style: "quiet", priority: 6, side: "right" };
  }
  const loud = loudness(100 - percent);
  return {
    text: `${Math.round(percent)}% of ${shortCount(window)}`,
    style: loud === "bad" ? "bad" : loud === "warn" ? "strong" : "plain",
    icon: bar(percent / 100, cells, theme),
    iconStyle: loud === "quiet" ? "busy" : loud,
    priority: urgency[loud] ?? 6,
    side: "right",
  };
}

/** Quotas that still last, the one with the least left first. */
export function quotasByNearness(limits: Usage["limits"], now: number): readonly Quota[] {
  return (limits?.quotas ?? [])
    .filter(({ resetsAt }) => resetsAt === undefined || now < resetsAt)
    .toSorted((a, b) => b.usedPercent - a.usedPercent);
}

/** `5h 62% left`. */
export function quotaPart({ name, usedPercent }: Quota): Part {
  const left = Math.max(0, Math.round(100 - usedPercent));
  return {
    text: `${name ?? "limit"} ${left}% left`,
    style: loudness(left),
    priority: urgency[loudness(left)] ?? 5,
    side: "right",
  };
}

/** What runs out is said before the line about the level. */
const urgency: Readonly<Partial<Record<Style, number>>> = { warn: 7.2, bad: 7.25 };
/** Percent left from which on something is worth a look, and from which on it is nearly gone. */
const LITTLE = 25;
const HARDLY_ANY = 10;

function loudness(left: number): Style {
  if (left < HARDLY_ANY) return "bad";
  return left < LITTLE ? "warn" : "quiet";
}

/** In half cells, of characters that take one cell everywhere; what is not empty shows. */
function bar(share: number, cells: number, theme: Theme): string {
  const [full, half, none] = theme.unicode ? ["⣿", "⣇", "⣀"] : ["#", "#", "."];
  const halves = share > 0 ? Math.min(2 * cells, Math.max(1, Math.round(share * 2 * cells))) : 0;
  const whole = Math.floor(halves / 2);
  const rest = Math.max(0, cells - whole - (halves % 2));
  return full.repeat(whole) + half.repeat(halves % 2) + none.repeat(rest);
}
