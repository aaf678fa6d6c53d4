import type { Activity, ActivityKind } from "../session/activity.ts";
import { activityText, elapsed } from "./format.ts";
import type { Part } from "./row.ts";
import { isWorking, lookOf } from "./activity-look.ts";
import type { Style, Theme } from "./theme.ts";

/** ms between two steps of the spinner: the pane must not wake terminal, tmux and battery more often. */
export const SPINNER_MS = 250;

/** What Codex does and to what, with its agents, then when a limit ends: the last to be dropped. */
export function activityParts(
  activity: Activity,
  agents: number,
  now: number,
  theme: Theme,
): readonly Part[] {
  const { kind, target, until } = activity;
  const { style, glyph } = lookOf(kind);
  const withAgents = kind === "delegating" && agents > 0;
  const text = withAgents ? `Working with ${agentsText(agents)}` : activityText(kind, target);
  const doing: Part = {
    text,
    // Yellow and cyan letters are hard to read on white; the bar and the sign before them are not.
    style: style === "busy" || style === "warn" ? "strong" : style,
    icon: isWorking(kind)
      ? spinnerAt(now, theme)
      : theme.glyphs[glyph === "spinner" ? "working" : glyph],
    iconStyle: style,
    priority: 9,
    side: "left",
    minWidth: 36,
  };
  const more = (words: string, priority: number): Part => ({ text: words, priority, side: "left" });
  return [
    doing,
    ...(until !== undefined && until > now ? [more(`again in ${elapsed(now, until)}`, 8)] : []),
    ...(agents > 0 && !withAgents ? [more(agentsText(agents), 7.1)] : []),
  ];
}

export function activityStyle(kind: ActivityKind): Style {
  return lookOf(kind).style;
}

function agentsText(agents: number): string {
  return `${agents} ${agents === 1 ? "agent" : "agents"}`;
}

/** The frame is a function of the time, so that nobody has to count. */
function spinnerAt(now: number, theme: Theme): string {
  const { spinner, working } = theme.glyphs;
  if (!theme.animated) return working;
  return spinner[Math.abs(Math.floor(now / SPINNER_MS)) % spinner.length] ?? working;
}
