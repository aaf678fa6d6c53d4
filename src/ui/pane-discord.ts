import type { LinkStatus } from "../discord/link.ts";
import type { Part } from "./row.ts";
import type { Style, Theme } from "./theme.ts";

/** Discord's state in the words given, after its glyph. */
export function discordPart(state: LinkStatus, text: string, theme: Theme): Part {
  return {
    text,
    style: "quiet",
    icon: theme.glyphs[state],
    iconStyle: styles[state],
    priority: 8.5,
    side: "right",
  };
}

const styles: Readonly<Record<LinkStatus, Style>> = {
  connected: "good",
  connecting: "warn",
  absent: "quiet",
  refused: "bad",
  unknown: "quiet",
};
