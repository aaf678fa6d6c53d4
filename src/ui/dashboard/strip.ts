import type { ActivityKind } from "../../session/activity.ts";
import type { Style } from "../theme.ts";
import { bar } from "./bar.ts";
import { shapesOf } from "./glyphs.ts";
import { heading } from "./heading.ts";
import { blank, empty, ink, joined, type Line, padded, raw } from "./line.ts";
import type { Seen } from "./remembered.ts";
import type { Section } from "./stack.ts";
import { span } from "./words.ts";

type Shown = Seen<"history" | "theme">;

/** What the day went into, as one strip and a legend. */
export function stripSection(model: Shown, columns: number): Section {
  const { theme } = model;
  const groups = grouped(model);
  const total = groups.reduce((sum, { seconds }) => sum + seconds, 0);
  const draw = (height: number): readonly Line[] => {
    const right = ink(total === 0 ? "nothing yet" : `${span(total / 60)} of work`, "quiet", theme);
    const strip =
      total === 0 ? emptyStrip(model, columns) : stripLine(groups, total, model, columns);
    const title = heading("Today", right, columns, theme);
    if (height < 2 + kinds.length || total === 0) {
      return [title, strip, ...legend(groups, model, columns)].slice(0, height);
    }
    return [title, strip, ...groups.map((group) => groupLine(group, total, model, columns))];
  };
  const most = 2 + legend(groups, model, columns).length;
  const rows = total === 0 ? 2 : 2 + kinds.length;
  return { priority: 2, min: 2, ideal: Math.min(3, most), max: rows, draw };
}

interface Group {
  readonly name: string;
  readonly style: Style;
  /** What the strip is made of, and what stands for it in the legend. */
  readonly stripe: string;
  readonly sign: string;
  readonly seconds: number;
}

/** Waiting for a person is no work of Codex's, but where the day went all the same. */
const kinds: readonly { name: string; style: Style; of: readonly ActivityKind[] }[] = [
  { name: "thinking", style: "brand", of: ["thinking", "planning", "compacting", "starting"] },
  { name: "reading", style: "busy", of: ["reading", "searching"] },
  { name: "editing", style: "good", of: ["editing"] },
  { name: "running", style: "ask", of: ["running", "tool", "delegating"] },
  { name: "waiting", style: "quiet", of: ["approval", "question"] },
];

function grouped({ history, theme }: Shown): readonly Group[] {
  const { shades, stripe, key } = shapesOf(theme);
  // Shapes tell the kinds apart where colours cannot.
  const colored = theme.paint.good("x") !== "x";
  return kinds.map(({ name, style, of }, i) => ({
    name,
    style,
    stripe: (colored && theme.unicode ? stripe : shades[i]) ?? stripe,
    sign: (colored && theme.unicode ? key : shades[i]) ?? key,
    seconds: of.reduce((sum, kind) => sum + Math.max(0, history.activitySeconds[kind] ?? 0), 0),
  }));
}

function stripLine(
  groups: readonly Group[],
  total: number,
  { theme }: Shown,
  columns: number,
): Line {
  let before = 0;
  const pieces = groups.map(({ seconds, style, stripe }) => {
    const from = Math.round((before / total) * columns);
    before += seconds;
    const cells = Math.round((before / total) * columns) - from;
    return cells > 0 ? raw(stripe.repeat(cells), style, theme) : empty;
  });
  return joined(...pieces);
}

function emptyStrip({ theme }: Shown, columns: number): Line {
  return raw(shapesOf(theme).rest.repeat(columns), "quiet", theme);
}

/** `■ editing   ━━━━━━━━──────── 48m  25%`. */
function groupLine(group: Group, total: number, { theme }: Shown, columns: number): Line {
  const { name, style, sign, seconds } = group;
  const label = joined(raw(sign, style, theme), blank(1), padded(ink(name, "plain", theme), 10));
  const time = padded(ink(seconds < 60 ? "" : span(seconds / 60), "quiet", theme), 7, "start");
  const share = padded(ink(`${Math.round((100 * seconds) / total)}%`, "quiet", theme), 6, "start");
  const cells = Math.max(0, columns - label.width - time.width - share.width);
  return joined(label, bar(seconds / total, cells, style, theme), time, share);
}

/** The largest first, in as many rows as it takes. */
function legend(groups: readonly Group[], { theme }: Shown, columns: number): readonly Line[] {
  const rows: Line[] = [];
  for (const { name, style, sign, seconds } of groups.toSorted((a, b) => b.seconds - a.seconds)) {
    if (seconds < 60) continue;
    const entry = joined(
      raw(sign, style, theme),
      blank(1),
      ink(name, "plain", theme),
      blank(1),
      ink(span(seconds / 60), "quiet", theme),
    );
    const last = rows.at(-1);
    if (last !== undefined && last.width + 2 + entry.width <= columns) {
      rows[rows.length - 1] = joined(last, blank(2), entry);
    } else if (entry.width <= columns) rows.push(entry);
  }
  return rows;
}
