import { hero, heroSize } from "./banner.ts";
import { discordWords, elapsed } from "./format.ts";
import { activityParts } from "./pane-activity.ts";
import { discordPart } from "./pane-discord.ts";
import type { PaneModel } from "./pane-model.ts";
import { levelPart, noticesOf } from "./pane-sharing.ts";
import {
  contextPart,
  costPart,
  modelPart,
  quotaPart,
  quotasByNearness,
  tokensPart,
} from "./pane-usage.ts";
import { type Part, row } from "./row.ts";
import type { Theme } from "./theme.ts";

/** Eight rows: the hero banner, the facts beside it, and below both what is to be known. */
export function fullRows(
  model: PaneModel,
  cols: number,
  now: number,
  theme: Theme,
): readonly string[] {
  const room = cols - heroSize.cols - MARGIN.length - GUTTER.length;
  const doing = row(
    activityParts(model.activity, model.session?.agents ?? 0, now, theme),
    room,
    theme,
  );
  const facts = factsOf(model, room - LABEL_COLS, now, theme)
    .map(([label, parts]) => [label, parts.filter((part) => part !== undefined)] as const)
    .filter(([, parts]) => parts.length > 0)
    .map(([label, parts]) => {
      const onLeft = parts.map((part): Part => ({ ...part, side: "left" }));
      return theme.paint.quiet(label.padEnd(LABEL_COLS)) + row(onLeft, room - LABEL_COLS, theme);
    });
  const beside = facts.length < heroSize.rows - 1 ? [doing, "", ...facts] : [doing, ...facts];
  const letters = hero(theme);
  const rows = Array.from({ length: heroSize.rows + 1 }, (_, i) => {
    const letter = letters[i] ?? " ".repeat(heroSize.cols);
    const text = beside[i] ?? "";
    return text === ""
      ? letters[i] === undefined
        ? ""
        : MARGIN + letter
      : MARGIN + letter + GUTTER + text;
  });
  return ["", ...rows, noticeRow(model, cols, theme)];
}

const MARGIN = "  ";
const GUTTER = "    ";
const LABEL_COLS = 10;
/** Cells of the facts from which on the usage is said in words. */
const WORDS_FROM = 36;

type Fact = readonly [label: string, parts: readonly (Part | undefined)[]];

function factsOf(model: PaneModel, room: number, now: number, theme: Theme): readonly Fact[] {
  const { session, startedAt, discord, sharing, limits } = model;
  const { project, branch } = session ?? {};
  const level = sharing === undefined ? [] : [levelPart(sharing, theme)];
  return [
    [
      project === undefined ? "Elapsed" : "Project",
      [
        project === undefined
          ? undefined
          : { text: project, style: "strong", priority: 6, side: "left", minWidth: 8 },
        branch === undefined ? undefined : { text: branch, priority: 5, side: "left", minWidth: 6 },
        {
          text: elapsed(startedAt, now),
          style: project === undefined ? "plain" : "quiet",
          priority: 4,
          side: "left",
        },
      ],
    ],
    ...(session === undefined ? [] : usageFacts(session, room, theme)),
    ["Limits", quotasByNearness(limits, now).map(quotaPart)],
    ["Discord", [discordPart(discord, discordWords[discord].short, theme), ...level]],
  ];
}

function usageFacts(
  session: NonNullable<PaneModel["session"]>,
  room: number,
  theme: Theme,
): readonly Fact[] {
  const words = room >= WORDS_FROM;
  return [
    ["Model", [modelPart(session), tokensPart(session, words), costPart(session)]],
    ["Context", [contextPart(session, words ? 20 : 10, theme)]],
  ];
}

function noticeRow({ sharing }: PaneModel, cols: number, theme: Theme): string {
  const notice = sharing === undefined ? undefined : noticesOf(sharing, theme)[0];
  if (notice === undefined) return "";
  return MARGIN + row([{ ...notice, side: "left" }], cols - 2 * MARGIN.length, theme);
}
