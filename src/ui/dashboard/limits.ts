import type { Style } from "../theme.ts";
import { windowName } from "../../session/usage.ts";
import { bar } from "./bar.ts";
import { shapesOf } from "./glyphs.ts";
import { heading } from "./heading.ts";
import { blank, ink, joined, type Line, padded } from "./line.ts";
import type { LimitView } from "./model.ts";
import type { Seen } from "./remembered.ts";
import type { Section } from "./stack.ts";
import { clock, leftStyle, span, until } from "./words.ts";

type Shown = Seen<"limits" | "theme" | "zone">;

/** What is left of each quota, and when it starts anew. */
export function limitsSection(model: Shown, columns: number): Section {
  const { limits, theme } = model;
  const windows = limits?.windows ?? [];
  const draw = (height: number): readonly Line[] => {
    const about = [planWords(limits?.plan), staleness(model)].filter((text) => text !== undefined);
    const right = ink(about.join(", "), "quiet", theme, Math.max(0, columns - 12));
    const rows = windows.map((window) => limitLine(window, model, columns));
    const credits =
      limits?.credits === undefined
        ? []
        : [
            joined(
              padded(ink("Credits", "quiet", theme), 9),
              ink(limits.credits, "plain", theme, columns - 9),
            ),
          ];
    const lines = [...rows, ...credits];
    const none = ink("known once Codex has answered", "quiet", theme, columns);
    return [
      heading("Limits", right, columns, theme),
      ...(lines.length === 0 ? [none] : lines.slice(0, Math.max(0, height - 1))),
    ];
  };
  const lines = Math.max(1, windows.length + (limits?.credits === undefined ? 0 : 1));
  return { priority: 6, min: 2, ideal: 1 + lines, max: 1 + lines, draw };
}

/** Quotas side by side on one row, for small terminals. */
export function limitsRow(model: Shown, columns: number): Section {
  const { limits, theme } = model;
  const windows = (limits?.windows ?? []).slice(0, columns < 34 ? 1 : 2);
  const each = Math.floor((columns - 2 * (windows.length - 1)) / Math.max(1, windows.length));
  const draw = (): readonly Line[] => [
    joined(
      ...windows.flatMap((window, i) => {
        const left = leftOf(window);
        const name = padded(ink(nameOf(window), "quiet", theme, 6), 3);
        const percent = padded(ink(`${left}%`, numberStyle(left), theme), 5, "start");
        const cells = Math.max(0, each - name.width - 1 - percent.width);
        const piece = joined(
          name,
          blank(1),
          bar(left / 100, cells, leftStyle(left), theme),
          percent,
        );
        return i === 0 ? [piece] : [blank(2), piece];
      }),
    ),
  ];
  const height = windows.length === 0 ? 0 : 1;
  return { priority: 6, min: height, ideal: height, max: height, draw };
}

function limitLine(window: LimitView, model: Shown, columns: number): Line {
  const { theme } = model;
  const left = leftOf(window);
  const style = leftStyle(left);
  const name = padded(ink(nameOf(window), "plain", theme, 6), 5);
  const percent = padded(
    ink(columns >= 34 ? `${left}% left` : `${left}%`, numberStyle(left), theme),
    columns >= 34 ? 10 : 5,
    "start",
  );
  const resets = resetWords(window, model, columns);
  const room = columns - name.width - percent.width;
  const tail = padded(
    ink(resets, "quiet", theme, Math.max(0, room - 8)),
    resets === "" ? 0 : tailCols(columns),
    "start",
  );
  const cells = Math.min(48, room - tail.width);
  if (cells < 4) return joined(name, percent);
  return joined(name, bar(left / 100, cells, style, theme), percent, tail);
}

function numberStyle(left: number): Style {
  return leftStyle(left) === "good" ? "plain" : "strong";
}

/** Columns for the words about the reset, wide enough for a weekday. */
function tailCols(columns: number): number {
  return columns >= WORDY_FROM ? 28 : 13;
}

function resetWords({ resetsAt }: LimitView, model: Shown, columns: number): string {
  if (resetsAt === undefined) return "";
  const { now, zone, theme } = model;
  const time = clock(resetsAt, now, zone);
  if (columns < WORDY_FROM) return `${shapesOf(theme).anew} ${time}`;
  return `resets ${time}, in ${until(resetsAt, now)}`;
}

const WORDY_FROM = 56;

function leftOf({ usedPercent }: LimitView): number {
  const used = Number.isFinite(usedPercent) ? usedPercent : 0;
  return Math.round(100 - Math.min(100, Math.max(0, used)));
}

function nameOf({ minutes }: LimitView): string {
  return (minutes === undefined ? undefined : windowName(minutes)) ?? "quota";
}

/** `plus` as people write it: `Plus`. */
function planWords(plan: string | undefined): string | undefined {
  return plan?.replaceAll("_", " ").replace(/^[a-z]/, (first) => first.toUpperCase());
}

/** Said only when it matters: limits are observed while Codex answers. */
function staleness({ limits, now }: Shown): string | undefined {
  if (limits === undefined) return undefined;
  const minutes = Math.floor(now / 60_000) - Math.floor(limits.observedAt / 60_000);
  return minutes < 10 ? undefined : `${span(minutes)} ago`;
}
