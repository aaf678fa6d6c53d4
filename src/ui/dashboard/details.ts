import { heading } from "./heading.ts";
import { activityLine, contextLine, tokensLine } from "./lead.ts";
import { empty, ink, joined, type Line, padded } from "./line.ts";
import { accentOf } from "./look.ts";
import { type Model, selectedIndex, type SessionView } from "./model.ts";
import type { Theme } from "../theme.ts";
import { age, clock } from "./words.ts";

/** All that is known of the selected session, without blank rows where they would cost facts. */
export function details(model: Model, columns: number, height: number): readonly Line[] {
  const { theme } = model;
  const session = model.sessions[selectedIndex(model)];
  if (session === undefined) {
    return [heading("Details", empty, columns, theme), empty, ink("No session", "quiet", theme)];
  }
  const unmodelled = { ...session, model: undefined, effort: undefined, surface: undefined };
  const lines = [
    heading("Details", ink(flagsOf(session), "quiet", theme), columns, theme),
    empty,
    ink(session.project ?? "a session", accentOf(theme), theme, columns),
    activityLine(unmodelled, model, columns),
    empty,
    contextLine(session, columns, theme),
    tokensLine(session, columns, theme),
    empty,
    ...factsOf(session, model).map(([label, text]) => factLine(label, text, columns, theme)),
  ];
  return lines.length <= height ? lines : lines.filter((line) => line !== empty);
}

function flagsOf({ leader, pinned, own }: SessionView): string {
  const flags = [leader === true && "leads", pinned === true && "pinned", own === true && "own"];
  return flags.filter((flag) => flag !== false).join(", ");
}

function factsOf(
  session: SessionView,
  { now, zone }: Model,
): readonly (readonly [label: string, text: string])[] {
  const { activity, title, branch, model, effort, tier, surface, startedAt, updatedAt, id } =
    session;
  const mind = [model, effort, tier].filter((text) => text !== undefined).join(", ");
  const facts = [
    ["Title", title],
    ["On", activity.target],
    ["Branch", branch],
    ["Model", mind === "" ? undefined : mind],
    ["Surface", surface],
    ["Started", `${clock(startedAt, now, zone)}, ${age(startedAt, now)}`],
    ["Changed", updatedAt === undefined ? undefined : clock(updatedAt, now, zone)],
    ["Thread", id],
  ] as const;
  return facts.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

function factLine(label: string, text: string, columns: number, theme: Theme): Line {
  return joined(padded(ink(label, "quiet", theme), 9), ink(text, "plain", theme, columns - 9));
}
