import type { Part } from "./row.ts";
import type { Theme } from "./theme.ts";

/** What leaves this machine, as the pane says it. */
export interface Sharing {
  /** The privacy level in force; `off` where presence cannot be had at all. */
  readonly level: "hidden" | "private" | "project" | "full" | "paused" | "off";
  /** No file says so. */
  readonly isDefault: boolean;
  /** What is wrong with the config, as a sentence. */
  readonly problem?: string;
  /** Why presence cannot be had, where it is off. */
  readonly off?: string;
  /** Why the publisher does not take this session's card now. */
  readonly waits?: string;
}

/**
 * The level that the pane tells: of the card that is out, as long as one is, whatever is to come.
 *
 * @param sent of the card that Discord was last sent; `undefined` without one
 */
export function shownLevel(
  sent: Sharing["level"] | undefined,
  wanted: { readonly paused: boolean; readonly level: Sharing["level"] },
): Sharing["level"] {
  return sent ?? (wanted.paused ? "paused" : wanted.level);
}

/** The eye and the level: the wider the pupil, the more others see. */
export function levelPart({ level }: Sharing, theme: Theme): Part {
  const seen = level !== "hidden" && level !== "off" && level !== "paused";
  return {
    text: level,
    style: level === "paused" ? "warn" : "quiet",
    icon: (theme.unicode ? eyes : asciiEyes)[level],
    iconStyle: level === "paused" ? "warn" : seen ? "busy" : "quiet",
    priority: 8,
    side: "right",
  };
}

/**
 * What the person should know: why there can be no card before all, then a problem of the config,
 * else, while the level is nobody's choice, what it means and the command that shows more, longest
 * first.
 */
export function noticesOf(sharing: Sharing, theme: Theme): readonly Part[] {
  const { level, isDefault } = sharing;
  const trouble = troubleOf(sharing);
  if (trouble !== undefined) {
    return [
      {
        text: trouble,
        style: "strong",
        icon: "!",
        iconStyle: "warn",
        priority: 7.3,
        side: "right",
        minWidth: 16,
      },
    ];
  }
  if (!isDefault || level !== "private") return [];
  const meaning = `others see no project or file ${theme.glyphs.separator} ${SHOW_MORE}`;
  return [meaning, `show more: ${SHOW_MORE}`, SHOW_MORE].map((text): Part => ({
    text,
    style: "quiet",
    priority: 7,
    side: "right",
  }));
}

function troubleOf({ problem, off, waits }: Sharing): string | undefined {
  if (off !== undefined) return `no card: ${off}`;
  if (waits !== undefined) return `the card waits: ${waits}`;
  return problem === undefined || problem === "" ? undefined : `config: ${problem}`;
}

const SHOW_MORE = "cdp config set privacy.level project";

/** Of characters that take one cell everywhere. */
const eyes: Readonly<Record<Sharing["level"], string>> = {
  hidden: "‹-›",
  private: "‹∙›",
  project: "‹◦›",
  full: "‹◉›",
  paused: "‹-›",
  off: "‹-›",
};

const asciiEyes: Readonly<Record<Sharing["level"], string>> = {
  hidden: "<->",
  private: "<.>",
  project: "<o>",
  full: "<O>",
  paused: "<->",
  off: "<->",
};
