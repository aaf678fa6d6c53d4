import type { Key, MouseInput } from "../../terminal/key-names.ts";
import type { TerminalSize } from "../../terminal/terminal.ts";
import type { Target } from "./line.ts";
import {
  type CardView,
  type DiscordView,
  type History,
  type InstanceView,
  type Level,
  levels,
  type LimitsView,
  maxSent,
  type Model,
  type Panel,
  selectedIndex,
  type SentCard,
  type SessionView,
} from "./model.ts";
import { panelLength } from "./panel.ts";
import { targetAt } from "./view.ts";

/** What can happen to the dashboard: time, the terminal, the person, and what the program learns. */
export type Message =
  | { readonly type: "tick"; readonly now: number }
  | { readonly type: "size"; readonly size: TerminalSize }
  | { readonly type: "key"; readonly key: Key }
  | { readonly type: "mouse"; readonly mouse: MouseInput }
  | { readonly type: "sessions"; readonly sessions: readonly SessionView[] }
  | { readonly type: "limits"; readonly limits: LimitsView | undefined }
  | { readonly type: "history"; readonly history: History }
  | { readonly type: "discord"; readonly discord: DiscordView }
  | { readonly type: "card"; readonly card: CardView }
  | { readonly type: "previews"; readonly previews: Model["previews"] }
  /** A card went out, or its answer came: one with the same `at` replaces the earlier. */
  | { readonly type: "sent"; readonly card: SentCard }
  | {
      readonly type: "config";
      readonly paused: boolean;
      readonly level: Level;
      readonly problems: readonly string[];
    }
  | { readonly type: "instance"; readonly instance: InstanceView | undefined };

/** What the program is to do. Saving may fail: then a `config` message says what is still so. */
export type Effect =
  | { readonly type: "quit" }
  | { readonly type: "setPaused"; readonly paused: boolean }
  | { readonly type: "setLevel"; readonly level: Level }
  | { readonly type: "pin"; readonly id: string }
  | { readonly type: "unpin" }
  | { readonly type: "reconnect" }
  /** The previews are looked at from now on, until the panel is another. */
  | { readonly type: "preview" };

export interface Updated {
  readonly model: Model;
  readonly effects: readonly Effect[];
}

/** The dashboard after a message. Pure; the same model when the message changed nothing. */
export function update(model: Model, message: Message): Updated {
  switch (message.type) {
    case "tick":
      return quietly(message.now === model.now ? model : { ...model, now: message.now });
    case "size": {
      const { rows, cols } = message.size;
      const same = rows === model.size.rows && cols === model.size.cols;
      return quietly(same ? model : { ...model, size: message.size });
    }
    case "key":
      return pressed(model, message.key);
    case "mouse":
      return moused(model, message.mouse);
    case "sessions":
      return quietly({ ...model, sessions: message.sessions });
    case "limits":
      return quietly({ ...model, limits: message.limits });
    case "history":
      return quietly({ ...model, history: message.history });
    case "discord":
      return quietly({ ...model, discord: message.discord });
    case "card":
      return quietly({ ...model, card: message.card });
    case "previews":
      return quietly({ ...model, previews: message.previews });
    case "sent":
      return quietly({ ...model, sent: withSent(model.sent, message.card) });
    case "config": {
      const { paused, level, problems } = message;
      return quietly({ ...model, paused, level, problems });
    }
    case "instance":
      return quietly({ ...model, instance: message.instance });
    default:
      return quietly(model);
  }
}

function quietly(model: Model): Updated {
  return { model, effects: [] };
}

function doing(model: Model, ...effects: readonly Effect[]): Updated {
  return { model, effects };
}

function withSent(sent: readonly SentCard[], card: SentCard): readonly SentCard[] {
  const at = sent.findIndex((one) => one.at === card.at);
  return at < 0 ? [...sent, card].slice(-maxSent) : sent.with(at, card);
}

function pressed(model: Model, key: Key): Updated {
  if (key.ctrl) return key.name === "c" ? doing(model, { type: "quit" }) : quietly(model);
  if (key.alt) return quietly(model);
  return named(model, key.name);
}

/** What a key does, by its name; keys that mean nothing change nothing. */
function named(model: Model, name: string): Updated {
  const { panel, paused } = model;
  switch (name) {
    case "q":
      return doing(model, { type: "quit" });
    case "p":
      return doing({ ...model, paused: !paused }, { type: "setPaused", paused: !paused });
    case "r":
      return doing(model, { type: "reconnect" });
    case "v":
      return nextLevel(model);
    case "d":
      return toggled(model, { kind: "details" });
    case "l":
      return toggled(model, { kind: "log", top: 0 });
    case "?":
      return toggled(model, { kind: "help", top: 0 });
    case "up":
    case "k":
      return moved(model, -1);
    case "down":
    case "j":
      return moved(model, 1);
    case "pageUp":
      return moved(model, -PAGE);
    case "pageDown":
      return moved(model, PAGE);
    case "home":
      return moved(model, -Infinity);
    case "end":
      return moved(model, Infinity);
    case "enter":
      return entered(model);
    case "escape":
      return panel.kind === "none" ? unpinned(model) : quietly(closed(model));
    default:
      return quietly(model);
  }
}

const PAGE = 10;

function toggled(model: Model, panel: Panel): Updated {
  return quietly(model.panel.kind === panel.kind ? closed(model) : { ...model, panel });
}

function closed(model: Model): Model {
  return { ...model, panel: { kind: "none" } };
}

/** Opens the preview on the next level; while open goes on to the next, and after the last round. */
function nextLevel(model: Model): Updated {
  const { panel, level } = model;
  if (panel.kind === "level") {
    return chosen(model, (levels.indexOf(panel.choice) + 1) % levels.length);
  }
  return chosen(model, Math.min(levels.indexOf(level) + 1, levels.length - 1));
}

/** A level that shows less than the one in force is set at once, one that shows more is previewed. */
function chosen(model: Model, index: number): Updated {
  const choice = levels[index] ?? model.level;
  const shown: Model = { ...model, panel: { kind: "level", choice } };
  const opens: readonly Effect[] = model.panel.kind === "level" ? [] : [{ type: "preview" }];
  if (index >= levels.indexOf(model.level)) return doing(shown, ...opens);
  return doing({ ...shown, level: choice }, ...opens, { type: "setLevel", level: choice });
}

/** Moves whatever the arrows move now: the choice of a level, a long panel, or the cursor. */
function moved(model: Model, by: number): Updated {
  const { panel, sessions } = model;
  switch (panel.kind) {
    case "level":
      return chosen(model, within(levels.indexOf(panel.choice) + by, levels.length - 1));
    case "log":
    case "help": {
      const top = within(panel.top + by, panelLength(model) - 1);
      return quietly(top === panel.top ? model : { ...model, panel: { ...panel, top } });
    }
    case "none":
    case "details":
    default: {
      const next = sessions[within(selectedIndex(model) + by, sessions.length - 1)];
      return quietly(
        next === undefined || next.id === model.selected ? model : { ...model, selected: next.id },
      );
    }
  }
}

function within(n: number, last: number): number {
  return Math.max(0, Math.min(n, last));
}

function entered(model: Model): Updated {
  const { panel, level } = model;
  switch (panel.kind) {
    case "level": {
      const after = closed({ ...model, level: panel.choice });
      return panel.choice === level
        ? quietly(after)
        : doing(after, { type: "setLevel", level: panel.choice });
    }
    case "log":
    case "help":
      return quietly(closed(model));
    case "none":
    case "details":
    default: {
      const session = model.sessions[selectedIndex(model)];
      return session === undefined || session.pinned === true
        ? quietly(model)
        : doing(model, { type: "pin", id: session.id });
    }
  }
}

function unpinned(model: Model): Updated {
  const pinned = model.sessions.some((session) => session.pinned === true);
  return pinned ? doing(model, { type: "unpin" }) : quietly(model);
}

function moused(model: Model, mouse: MouseInput): Updated {
  if (mouse.kind === "wheel") return moved(model, mouse.button === "up" ? -1 : 1);
  if (mouse.kind !== "press" || mouse.button !== "left") return quietly(model);
  const target = targetAt(model, mouse.y - 1, mouse.x - 1);
  return target === undefined ? quietly(model) : clicked(model, target);
}

function clicked(model: Model, target: Target): Updated {
  switch (target.kind) {
    case "key":
      return named(model, target.name);
    case "session":
      return quietly({ ...model, selected: target.id });
    case "level":
    default:
      return chosen(model, target.index);
  }
}
