import { describe, expect, test } from "bun:test";
import { Screen } from "../../src/cli/dashboard-screen.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { ActivityKind } from "../../src/session/activity.ts";
import type { Terminal, TerminalSize } from "../../src/terminal/terminal.ts";
import { newModel, type SessionView } from "../../src/ui/dashboard/model.ts";
import type { Effect } from "../../src/ui/dashboard/update.ts";
import { themeOf } from "../../src/ui/theme.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";

const size: TerminalSize = { rows: 20, cols: 80 };

/** A terminal in memory that takes what it gets at once, late, or not at all. */
class Paper implements Terminal {
  readonly size = size;
  readonly inForeground = true;
  readonly written: string[] = [];
  raw = false;
  next: () => Promise<void> | undefined = () => undefined;
  #feed = Promise.withResolvers<string | undefined>();
  readonly input = this.#read();

  type(text: string | undefined): void {
    const { resolve } = this.#feed;
    this.#feed = Promise.withResolvers();
    resolve(text);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    this.written.push(new TextDecoder().decode(bytes));
    return this.next();
  }

  writeLast(bytes: Uint8Array): void {
    this.written.push(new TextDecoder().decode(bytes));
  }

  setRaw(raw: boolean): void {
    this.raw = raw;
  }

  onResize(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  [Symbol.dispose](): void {
    this.raw = false;
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a person types one thing after the other
      const text = await this.#feed.promise;
      if (text === undefined) return;
      yield new TextEncoder().encode(text);
    }
  }
}

function open(terminal: Paper, clock: Clock = systemClock, sessions: readonly SessionView[] = []) {
  const told: string[] = [];
  const effects: Effect[] = [];
  const screen = new Screen({
    terminal,
    model: {
      ...newModel({ size, now: clock.now(), theme: themeOf({ LANG: "C.UTF-8" }), zone: () => 0 }),
      sessions,
    },
    clock,
    onEffect: (effect) => effects.push(effect),
    onSuspend: () => told.push("suspend"),
    onGone: () => told.push("gone"),
    onFault: (error) => told.push(`fault ${String(error)}`),
  });
  return { screen, told, effects };
}

test("it enters the screen, and leaves it as it was", () => {
  const terminal = new Paper();
  const { screen } = open(terminal);
  expect(terminal.raw).toBe(true);
  expect(terminal.written[0]).toContain("\x1b[?1049h");
  screen[Symbol.dispose]();
  expect(terminal.written.at(-1)).toContain("\x1b[?1049l");
  expect(terminal.raw).toBe(false);
});

describe("nothing is written while nothing changes", () => {
  const minute = Date.parse("2026-01-01T10:00:00Z");
  const sessionAt = (kind: ActivityKind): SessionView => ({
    id: "a",
    activity: { kind, since: minute },
    startedAt: minute,
  });

  test("at rest there is one frame a minute, when the ages move on", () => {
    const terminal = new Paper();
    const clock = new FakeClock({ wall: minute + 1000 });
    const sessions = [sessionAt("idle")];
    const { screen } = open(terminal, clock, sessions);
    using _ = screen;
    clock.advance(58_999);
    screen.send(
      { type: "sessions", sessions: [...sessions] },
      { type: "limits", limits: undefined },
    );
    clock.advance(0);
    expect(terminal.written.length).toBe(1);
    clock.advance(1);
    expect(terminal.written.length).toBe(2);
    expect(terminal.written[1]).toContain("1m");
    clock.advance(59_999);
    expect(terminal.written.length).toBe(2);
  });

  test("at work there are a few bytes every two seconds", () => {
    const terminal = new Paper();
    const clock = new FakeClock({ wall: minute + 1000 });
    const { screen } = open(terminal, clock, [sessionAt("thinking")]);
    using _ = screen;
    clock.advance(10_000);
    expect(terminal.written.length).toBe(6);
    expect(terminal.written.slice(1).join("").length).toBeLessThan(5 * 60);
  });
});

test("while the terminal does not take what was written nothing is, then only the newest", async () => {
  const terminal = new Paper();
  const { promise, resolve } = Promise.withResolvers<void>();
  terminal.next = () => promise;
  const clock = new FakeClock();
  const { screen } = open(terminal, clock);
  using _ = screen;
  terminal.next = () => undefined;
  screen.send({ type: "config", paused: false, level: "full", problems: ["first"] });
  screen.send({ type: "config", paused: false, level: "full", problems: ["second"] });
  await clock.run(1000, 20);
  expect(terminal.written.length).toBe(1);
  resolve();
  await clock.runUntil(() => terminal.written.length === 2, "the newest frame", 1000);
  expect(terminal.written[1]).toContain("second");
  expect(terminal.written.join("")).not.toContain("first");
});

test("a terminal that is left in the middle of a frame is reset altogether", () => {
  const terminal = new Paper();
  terminal.next = () => new Promise(() => undefined);
  open(terminal).screen[Symbol.dispose]();
  for (const mode of ["1049l", "2026l", "1000l", "25h"]) {
    expect(terminal.written.at(-1)).toContain(`\x1b[?${mode}`);
  }
});

test("keys come as effects, a lone ESC after a moment, Ctrl-Z by itself", async () => {
  const terminal = new Paper();
  const { screen, told, effects } = open(terminal);
  using _ = screen;
  terminal.type("r");
  await waitFor("the effect", () => effects.length === 1);
  expect(effects).toEqual([{ type: "reconnect" }]);
  terminal.type("d");
  await waitFor("the panel", () => screen.model.panel.kind === "details");
  terminal.type("\x1b");
  await waitFor("its end", () => screen.model.panel.kind === "none");
  terminal.type("\x1a");
  await waitFor("the suspend", () => told.includes("suspend"));
});

test("what fails is told, and so is the end of the terminal", async () => {
  const terminal = new Paper();
  const { screen, told } = open(terminal);
  using _ = screen;
  const broken = {
    type: "sessions",
    get sessions(): never {
      throw new Error("broken");
    },
  } as const;
  screen.send(broken);
  expect(told).toEqual(["fault Error: broken"]);
  terminal.next = () => Promise.reject(new Error("EIO"));
  screen.send({ type: "config", paused: true, level: "full", problems: [] });
  await waitFor("the end", () => told.includes("gone"));
  expect(told.length).toBe(2);
});

test("the end of the input is the end of the terminal", async () => {
  const terminal = new Paper();
  const { screen, told } = open(terminal);
  using _ = screen;
  terminal.type(undefined);
  await waitFor("the end", () => told.includes("gone"));
  expect(told).toEqual(["gone"]);
});
