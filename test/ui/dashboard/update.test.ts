import { describe, expect, test } from "bun:test";
import type { Key, MouseInput } from "../../../src/terminal/key-names.ts";
import type { Level, Model, Panel } from "../../../src/ui/dashboard/model.ts";
import { type Effect, type Message, update } from "../../../src/ui/dashboard/update.ts";
import { screen } from "../../../src/ui/dashboard/view.ts";
import { busy, cards, now, session, sessions } from "./models.ts";

const size = { rows: 30, cols: 100 };
const start = busy(size);

const key = (name: string, mods: Partial<Key> = {}): Message => ({
  type: "key",
  key: { name, ctrl: false, alt: false, shift: false, ...mods },
});

/** The model and all effects after keys by their names. */
function press(
  model: Model,
  ...names: readonly string[]
): { model: Model; effects: readonly Effect[] } {
  let current = model;
  const effects: Effect[] = [];
  for (const name of names) {
    const next = update(current, key(name));
    current = next.model;
    effects.push(...next.effects);
  }
  return { model: current, effects };
}

describe("keys and what they ask for", () => {
  const pinned = busy(size, "plain", {
    sessions: sessions.map((one) => ({ ...one, pinned: one.id === "notes" })),
  });
  const cases: readonly [string, Model, readonly string[], readonly Effect[]][] = [
    ["q quits", start, ["q"], [{ type: "quit" }]],
    ["q quits with a panel open", start, ["l", "q"], [{ type: "quit" }]],
    ["p pauses", start, ["p"], [{ type: "setPaused", paused: true }]],
    ["p resumes", { ...start, paused: true }, ["p"], [{ type: "setPaused", paused: false }]],
    [
      "p twice, before anybody answered",
      start,
      ["p", "p"],
      [
        { type: "setPaused", paused: true },
        { type: "setPaused", paused: false },
      ],
    ],
    ["r connects anew", start, ["r"], [{ type: "reconnect" }]],
    [
      "enter pins the leader, which is selected first",
      start,
      ["enter"],
      [{ type: "pin", id: "atlas" }],
    ],
    [
      "enter pins the selected one",
      start,
      ["down", "j", "enter"],
      [{ type: "pin", id: "payments-api" }],
    ],
    ["enter on what is pinned", pinned, ["end", "k", "enter"], []],
    ["enter without sessions", { ...start, sessions: [] }, ["enter"], []],
    ["esc unpins", pinned, ["escape"], [{ type: "unpin" }]],
    ["esc with nothing pinned", start, ["escape"], []],
    ["esc closes before it unpins", pinned, ["d", "escape"], []],
    ["other keys", start, ["x", "Q", "7", "tab", "left"], []],
  ];
  test.each(cases)("%s", (_name, model, names, effects) => {
    expect(press(model, ...names).effects).toEqual(effects);
  });

  test("Ctrl+C quits, other keys with Ctrl or Alt do nothing", () => {
    expect(update(start, key("c", { ctrl: true })).effects).toEqual([{ type: "quit" }]);
    for (const message of [
      key("q", { ctrl: true }),
      key("q", { alt: true }),
      key("p", { alt: true }),
    ]) {
      expect(update(start, message)).toEqual({ model: start, effects: [] });
    }
  });
});

describe("the privacy level", () => {
  const set = (level: Level): Effect => ({ type: "setLevel", level });
  const cases: readonly [string, Level, readonly string[], Level | undefined, readonly Effect[]][] =
    [
      ["v previews the next that shows more", "private", ["v"], "project", []],
      ["enter keeps it", "private", ["v", "enter"], undefined, [set("project")]],
      ["esc drops it", "private", ["v", "escape"], undefined, []],
      ["v again goes on", "private", ["v", "v", "enter"], undefined, [set("full")]],
      ["down shows more: a preview", "private", ["v", "down"], "full", []],
      ["up shows less, down to what is in force", "private", ["v", "up"], "private", []],
      ["less than that at once", "private", ["v", "up", "up"], "hidden", [set("hidden")]],
      [
        "step by step",
        "full",
        ["v", "up", "k", "k"],
        "hidden",
        [set("project"), set("private"), set("hidden")],
      ],
      ["not below hidden", "hidden", ["v", "up", "up", "up"], "hidden", []],
      ["at full there is no more to preview", "full", ["v"], "full", []],
      [
        "after full v comes round to hidden, at once",
        "full",
        ["v", "v"],
        "hidden",
        [set("hidden")],
      ],
      [
        "back up is a preview again",
        "private",
        ["v", "up", "up", "down", "escape"],
        undefined,
        [set("hidden")],
      ],
      [
        "and is kept by enter",
        "private",
        ["v", "up", "up", "down", "enter"],
        undefined,
        [set("hidden"), set("private")],
      ],
      ["enter on what is in force", "project", ["v", "up", "enter"], undefined, []],
    ];
  test.each(cases)("%s", (_name, level, names, choice, effects) => {
    const after = press({ ...start, level }, ...names);
    // The previews are asked for once, when the panel opens.
    expect(after.effects).toEqual([{ type: "preview" }, ...effects]);
    expect(after.model.panel).toEqual(
      choice === undefined ? { kind: "none" } : { kind: "level", choice },
    );
  });

  test("what is previewed is not in force, what is kept is", () => {
    expect(press(start, "v").model.level).toBe("private");
    expect(press(start, "v", "enter").model.level).toBe("project");
    expect(press(start, "v", "up", "up").model.level).toBe("hidden");
  });
});

describe("panels", () => {
  const cases: readonly [string, readonly string[], Panel][] = [
    ["d: details", ["d"], { kind: "details" }],
    ["d again closes them", ["d", "d"], { kind: "none" }],
    ["l: the log", ["l"], { kind: "log", top: 0 }],
    ["?: help", ["?"], { kind: "help", top: 0 }],
    ["one takes the other's place", ["l", "?", "d"], { kind: "details" }],
    ["enter closes what one reads", ["l", "enter"], { kind: "none" }],
    ["arrows scroll the log", ["l", "down", "down", "up"], { kind: "log", top: 1 }],
    ["to its last line", ["l", "end"], { kind: "log", top: 5 }],
    ["and no further", ["l", "pageDown", "down", "home", "up"], { kind: "log", top: 0 }],
  ];
  test.each(cases)("%s", (_name, names, panel) => {
    expect(press(start, ...names).model.panel).toEqual(panel);
  });
});

describe("the cursor", () => {
  const at = (model: Model): string | undefined => press(model, "up", "down").model.selected;
  const cases: readonly [string, readonly string[], string | undefined][] = [
    ["is nowhere before it was moved", [], undefined],
    ["moves from the leader", ["down"], "website"],
    ["stops at the end", ["end", "down"], "infra"],
    ["stops at the beginning", ["down", "home", "up"], "atlas"],
    ["moves while details are open", ["d", "j", "j"], "payments-api"],
  ];
  test.each(cases)("%s", (_name, names, id) => {
    expect(press(start, ...names).model.selected).toBe(id);
  });

  test("stays on its session wherever that moves, and goes to the leader when it ends", () => {
    const selected = press(start, "down").model;
    const turned = update(selected, { type: "sessions", sessions: sessions.toReversed() }).model;
    expect(press(turned, "down").model.selected).toBe("atlas");
    const gone = update(selected, {
      type: "sessions",
      sessions: sessions.filter(({ id }) => id !== "website"),
    });
    expect(at(gone.model)).toBe("payments-api");
  });
});

describe("the mouse", () => {
  const mouse = (more: Partial<MouseInput>): Message => ({
    type: "mouse",
    mouse: { kind: "press", button: "left", x: 1, y: 1, ...more },
  });
  /** The cell on which a text begins on the screen. */
  function cellOf(model: Model, text: string, from = 0): { x: number; y: number } {
    const rows = screen(model).map((line) => line.text);
    const y = rows.findIndex((row, i) => i >= from && row.includes(text));
    return { x: (rows[y]?.indexOf(text) ?? 0) + 1, y: y + 1 };
  }

  test("a click selects a session", () => {
    const clicked = update(start, mouse(cellOf(start, "payments-api")));
    expect(clicked.model.selected).toBe("payments-api");
    expect(clicked.effects).toEqual([]);
  });

  const footerRow = size.rows - 1;
  test.each([
    ["q quit", [{ type: "quit" }], "none"],
    ["p pause", [{ type: "setPaused", paused: true }], "none"],
    ["v privacy", [{ type: "preview" }], "level"],
    ["d details", [], "details"],
    ["l log", [], "log"],
    ["r reconnect", [{ type: "reconnect" }], "none"],
    ["? help", [], "help"],
  ] as const)("a click on %s is the key", (text, effects, panel) => {
    const { x, y } = cellOf(start, text, footerRow);
    for (const column of [x, x + text.length - 1]) {
      const clicked = update(start, mouse({ x: column, y }));
      expect(clicked.effects).toEqual([...effects]);
      expect(clicked.model.panel.kind).toBe(panel);
    }
    expect(update(start, mouse({ x: x + text.length, y })).model).toBe(start);
  });

  test("a click on a level: less at once, more as a preview", () => {
    const open = press(start, "v").model;
    const less = update(open, mouse(cellOf(open, "hidden")));
    expect(less.effects).toEqual([{ type: "setLevel", level: "hidden" }]);
    const more = update(open, mouse(cellOf(open, "full  ")));
    expect(more.effects).toEqual([]);
    expect(more.model.panel).toEqual({ kind: "level", choice: "full" });
  });

  test("the wheel moves the cursor", () => {
    const turned = update(start, mouse({ kind: "wheel", button: "down" })).model;
    expect(turned.selected).toBe("website");
    expect(update(turned, mouse({ kind: "wheel", button: "up" })).model.selected).toBe("atlas");
  });

  test("what is no click on a target changes nothing", () => {
    const { x, y } = cellOf(start, "website");
    const messages = [
      mouse({ x: 1, y: 1 }),
      mouse({ x: 999, y: 999 }),
      mouse({ x, y, button: "right" }),
      mouse({ x, y, kind: "release" }),
      mouse({ x, y, kind: "drag" }),
      mouse({ x, y, kind: "move", button: "none" }),
    ];
    for (const message of messages) expect(update(start, message).model).toBe(start);
  });
});

describe("what the program learns", () => {
  test("is shown, and asks for nothing", () => {
    const messages: readonly [Message, Partial<Model>][] = [
      [{ type: "tick", now: now + 5 }, { now: now + 5 }],
      [{ type: "size", size: { rows: 5, cols: 7 } }, { size: { rows: 5, cols: 7 } }],
      [{ type: "sessions", sessions: [session("a")] }, { sessions: [session("a")] }],
      [{ type: "limits", limits: undefined }, { limits: undefined }],
      [
        { type: "history", history: { tokensPerMinute: [1], activitySeconds: {} } },
        { history: { tokensPerMinute: [1], activitySeconds: {} } },
      ],
      [
        { type: "discord", discord: { status: "refused", reason: "no" } },
        { discord: { status: "refused", reason: "no" } },
      ],
      [{ type: "card", card: cards.full }, { card: cards.full }],
      [{ type: "previews", previews: { full: cards.full } }, { previews: { full: cards.full } }],
      [
        { type: "config", paused: true, level: "full", problems: ["x"] },
        { paused: true, level: "full", problems: ["x"] },
      ],
      [{ type: "instance", instance: undefined }, { instance: undefined }],
    ];
    for (const [message, changed] of messages) {
      expect(update(start, message)).toEqual({ model: { ...start, ...changed }, effects: [] });
    }
  });

  test("the same time and size are the same model", () => {
    expect(update(start, { type: "tick", now }).model).toBe(start);
    expect(update(start, { type: "size", size: { ...size } }).model).toBe(start);
  });

  test("an answer takes the place of the card that waited for it; 50 are kept", () => {
    let model: Model = { ...start, sent: [] };
    for (let at = 1; at <= 60; at++) {
      model = update(model, { type: "sent", card: { at, answer: "waiting" } }).model;
    }
    expect(model.sent.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, i) => i + 11));
    model = update(model, { type: "sent", card: { at: 58, answer: "refused", reason: "r" } }).model;
    expect(model.sent.length).toBe(50);
    expect(model.sent[47]).toEqual({ at: 58, answer: "refused", reason: "r" });
  });
});
