import type { Theme } from "../theme.ts";
import { shortCount } from "../format.ts";
import { heading } from "./heading.ts";
import { shapesOf } from "./glyphs.ts";
import { ink, type Line, raw } from "./line.ts";
import { latest, type Seen } from "./remembered.ts";
import type { Section } from "./stack.ts";

/** Tokens of the last hour, a column for each minute or few; the newest at the right end. */
export function plotSection(model: Seen<"history" | "theme">, columns: number): Section {
  const { history, theme } = model;
  const minutes = hourOf(history.tokensPerMinute);
  const total = minutes.reduce((sum, n) => sum + n, 0);
  const peak = Math.max(0, ...minutes);
  const words = `${shortCount(total)} tokens${peak > 0 ? `, at most ${shortCount(peak)} a minute` : ""}`;
  const draw = (height: number): readonly Line[] => {
    const axis = height >= AXIS_FROM ? [axisLine(columns, theme)] : [];
    return [
      heading(
        "Last hour",
        ink(columns < 56 ? `${shortCount(total)} tokens` : words, "quiet", theme),
        columns,
        theme,
      ),
      ...plot(history.tokensPerMinute, columns, Math.max(1, height - 1 - axis.length), theme),
      ...axis,
    ];
  };
  // An hour in which nothing happened needs no height.
  return peak > 0
    ? { priority: 3, min: 2, ideal: 4, max: 11, draw }
    : { priority: 3, min: 2, ideal: 2, max: 2, draw };
}

const HOUR = 60;

/** Rows from which on there is one for the time. */
const AXIS_FROM = 5;

function axisLine(columns: number, theme: Theme): Line {
  const [from, middle, to] = ["1h ago", "30m", "now"];
  const half = Math.floor((columns - middle.length) / 2);
  const text = from.padEnd(half) + middle.padEnd(columns - half - to.length) + to;
  return raw(columns < 24 ? "" : text, "quiet", theme);
}

/** A plot of exactly `columns` by `height` cells. */
const plot = latest(
  (
    tokensPerMinute: readonly number[],
    columns: number,
    height: number,
    theme: Theme,
  ): readonly Line[] => {
    const { steps } = shapesOf(theme);
    const values = resampled(hourOf(tokensPerMinute), columns);
    const most = Math.max(1, ...values);
    const full = steps.length - 1;
    // The ground is one step high; anything above nothing is higher.
    const tops = values.map((n) =>
      n === 0 ? 1 : Math.max(2, Math.round((n / most) * height * full)),
    );
    return Array.from({ length: height }, (_, i) => {
      const below = (height - 1 - i) * full;
      const cells = tops.map((top) => steps[Math.min(full, Math.max(0, top - below))] ?? " ");
      return raw(cells.join(""), "brand", theme);
    });
  },
);

/** The last hour as `columns` numbers: a minute takes a few columns, or a column the most of a few minutes. */
function resampled(minutes: readonly number[], columns: number): readonly number[] {
  const hour = [...Array.from({ length: Math.max(0, HOUR - minutes.length) }, () => 0), ...minutes];
  return Array.from({ length: Math.max(0, columns) }, (_, i) => {
    const from = Math.floor((i * HOUR) / columns);
    const to = Math.max(from + 1, Math.floor(((i + 1) * HOUR) / columns));
    return Math.max(...hour.slice(from, to));
  });
}

function hourOf(tokensPerMinute: readonly number[]): readonly number[] {
  return tokensPerMinute.slice(-HOUR).map(sane);
}

function sane(n: number): number {
  return Number.isFinite(n) ? Math.max(0, n) : 0;
}
