import type { ActivityKind } from "../../session/activity.ts";
import { lookOf } from "../activity-look.ts";
import type { Style, Theme } from "../theme.ts";
import type { Model } from "./model.ts";

/** ms between the steps of the spinner: a sign of life, for which nobody's processor is woken often. */
export const spinnerMs = 2000;

/** The glyph of an activity; where it turns, its place is a function of the time. */
export function iconAt(kind: ActivityKind, model: Pick<Model, "theme" | "now">): string {
  const { glyphs, animated } = model.theme;
  const { glyph } = lookOf(kind);
  if (glyph !== "spinner") return glyphs[glyph];
  return animated ? spinnerAt(model) : glyphs.working;
}

export function spinnerAt({ theme, now }: Pick<Model, "theme" | "now">): string {
  const { spinner, working } = theme.glyphs;
  return spinner[Math.abs(Math.floor(now / spinnerMs)) % spinner.length] ?? working;
}

/** The same, but still: in a list only the leader turns. */
export function stillIcon(kind: ActivityKind, theme: Theme): string {
  const { glyph } = lookOf(kind);
  return glyph === "spinner" ? theme.glyphs.working : theme.glyphs[glyph];
}

/** For words that matter: yellow, cyan and magenta of many light palettes are hard to read. */
export function textStyle(kind: ActivityKind): Style {
  const { style } = lookOf(kind);
  return style === "quiet" || style === "plain" ? style : "strong";
}

/** The brand's own colours can be read on any background, the terminal's cyan cannot. */
export function accentOf({ paint }: Theme): Style {
  return paint.brand("x").includes("38;2;") ? "brand" : "strong";
}
