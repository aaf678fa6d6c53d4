import type { Theme } from "../theme.ts";
import { shapesOf } from "./glyphs.ts";
import { blank, clickable, drawable, empty, ink, joined, type Line } from "./line.ts";
import { accentOf } from "./look.ts";
import type { Model } from "./model.ts";
import type { Seen } from "./remembered.ts";

/** A key and what it does now; the name is that of the key a click stands for. */
interface Item {
  readonly key: string;
  readonly name: string;
  readonly does: string;
  /** The lowest goes first when there is no room. */
  readonly priority: number;
}

type Shown = Seen<"panel" | "paused" | "theme">;

/** What there is to choose from in the list, and whether one is pinned. */
export type Choice = "none" | "some" | "pinned";

/** The keys that do something now, each of which can be clicked too. */
export function footer(model: Shown, columns: number, choice: Choice): Line {
  const { theme } = model;
  let kept = itemsOf(model, choice);
  for (;;) {
    const line = kept.reduce(
      (before, item) =>
        joined(before, before.width === 0 ? empty : blank(2), itemLine(item, theme)),
      empty,
    );
    if (line.width <= columns) return line;
    const least = kept.toSorted((a, b) => a.priority - b.priority)[0];
    kept = kept.filter((item) => item !== least);
  }
}

function itemLine({ key, name, does }: Item, theme: Theme): Line {
  const line = joined(
    ink(drawable(key, theme), accentOf(theme), theme),
    blank(1),
    ink(does, "quiet", theme),
  );
  return clickable(line, { kind: "key", name });
}

/** What the sessions offer to the keys. */
export function choiceOf({ sessions }: Pick<Model, "sessions">): Choice {
  if (sessions.some((session) => session.pinned === true)) return "pinned";
  return sessions.length > 0 ? "some" : "none";
}

function itemsOf(model: Shown, choice: Choice): readonly Item[] {
  const { up, down, enter } = shapesOf(model.theme);
  const item = (key: string, does: string, priority: number, name = key): Item => ({
    key,
    name,
    does,
    priority,
  });
  const quit = item("q", "quit", 9);
  const pause = item("p", model.paused ? "resume" : "pause", 8);
  const close = item("esc", "close", 10, "escape");
  switch (model.panel.kind) {
    case "level":
      return [
        item("v", "next level", 8),
        item(up, "more private now", 5, "up"),
        item(down, "less, as preview", 4, "down"),
        item(enter, "keep", 9, "enter"),
        close,
      ];
    case "log":
    case "help":
      return [item(up, "up", 4, "up"), item(down, "down", 4, "down"), close, pause, quit];
    case "details":
      return [
        item(up, "previous", 4, "up"),
        item(down, "next", 4, "down"),
        item(enter, "pin", 5, "enter"),
        close,
        pause,
        quit,
      ];
    case "none":
    default:
      return [
        quit,
        pause,
        item("v", "privacy", 7),
        item("d", "details", 5),
        item("l", "log", 5),
        ...(choice === "none" ? [] : [item(enter, "pin", 3, "enter")]),
        ...(choice === "pinned" ? [item("esc", "unpin", 4, "escape")] : []),
        item("r", "reconnect", 2),
        item("?", "help", 9),
      ];
  }
}
