import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Key, VirtualTerminal } from "./virtual-terminal.ts";

/** A state that Codex announced by OSC 7501: `working`, `blocked permission`, `done` … */
export interface StateChange {
  readonly state: string;
  /** When its bytes reached the terminal: monotonic and wall clock, ms. */
  readonly at: number;
  readonly wallClock: number;
}

/** Somebody who uses Codex in a virtual terminal, bare or under `cdp`. */
export interface CodexUser {
  /** All states that Codex announced so far, oldest first. */
  states(): readonly StateChange[];
  /**
   * Waits until Codex announces `state` for the first time after the change that the previous call
   * returned.
   */
  sees(state: string, deadlineMs?: number): Promise<StateChange>;
  /** Waits until Codex has a thread. Before that it takes prompts, but forgets a `/plan`. */
  ready(): Promise<StateChange>;
  /** Puts a prompt or a slash command into the composer and sends it. */
  submit(text: string): Promise<void>;
  /**
   * Answers the approval or question that Codex shows. It comes up a second after the last key,
   * lest somebody who types approves by accident.
   */
  answers(key: Key): Promise<StateChange>;
  /** Turns Plan mode on. */
  plans(): Promise<void>;
  /** Ends Codex as most people do. */
  quit(): Promise<void>;
}

/** @param home Codex's home */
export function codexUser(terminal: VirtualTerminal, home: string): CodexUser {
  const read = stateReader(terminal);
  const before = threadsIn(home);
  let seen = 0;
  const sees = async (state: string, deadlineMs?: number): Promise<StateChange> => {
    const index = (): number => read().findIndex((each, i) => i >= seen && each.state === state);
    await terminal.waitUntil(`Codex's state "${state}"`, () => index() >= 0, deadlineMs);
    seen = index() + 1;
    return read()[seen - 1]!;
  };
  const submit = async (text: string): Promise<void> => {
    const holds = (): boolean => composerHolds(terminal, text);
    let nextPaste = performance.now();
    let clear = "";
    await terminal.waitUntil(`"${text}" in the composer`, () => {
      if (holds() || performance.now() < nextPaste) return holds();
      // Again after a while: a composer that has just been cleared may lose the first one.
      nextPaste = performance.now() + 2000;
      // What came late is cleared (Ctrl-U), not doubled. As a paste: Codex takes keys that come faster than a hand's for one, Enter included.
      terminal.type(`${clear}\x1b[200~${text}\x1b[201~`);
      clear = "\x15";
      return false;
    });
    terminal.press("enter");
  };
  return {
    states: read,
    sees,
    async ready() {
      await terminal.waitUntil(
        "Codex to be ready",
        () => hasStarted(read(), threadsIn(home) > before),
        20_000,
      );
      seen = read().length;
      return read()[seen - 1]!;
    },
    submit,
    async answers(key) {
      const asks = (): boolean => read().at(-1)?.state.startsWith("blocked") === true;
      await terminal.waitUntil("Codex to ask", asks);
      const known = read().length;
      let nextPress = performance.now();
      await terminal.waitUntil(`an effect of ${key}`, () => {
        if (read().length > known) return true;
        if (performance.now() < nextPress || !dialogIsUp(terminal)) return false;
        nextPress = performance.now() + 1500;
        terminal.press(key);
        return false;
      });
      seen = known + 1;
      return read()[known]!;
    },
    async plans() {
      await submit("/plan");
      await terminal.waitForText(/Plan mode \(/);
    },
    async quit() {
      await submit("/quit");
      await terminal.exited;
    },
  };
}

/**
 * Codex is `idle` as soon as it takes keys, and for a moment `working` when it has its thread. That
 * moment may be too short to be announced; a file that its terminal part then writes tells, too.
 * Where there is neither (other releases, a daemon) it has had its thread for long after so many ms.
 */
function hasStarted(states: readonly StateChange[], hasThread: boolean): boolean {
  const last = states.at(-1);
  if (last?.state !== "idle") return false;
  const hasWorked = states.some(({ state }) => state === "working");
  return hasWorked || hasThread || performance.now() - last.at > 3000;
}

/** How many threads the terminal parts of Codex have had in this home. */
function threadsIn(home: string): number {
  const folder = join(home, "tui-thread-reference-capabilities");
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

function composerHolds(terminal: VirtualTerminal, text: string): boolean {
  // Prompts that were sent look the same; the composer stands below them all.
  const composer = terminal.screen().findLast((row) => row.startsWith("› "));
  return composer?.includes(text) === true;
}

function dialogIsUp(terminal: VirtualTerminal): boolean {
  return /enter to (confirm|submit)/.test(terminal.screen().join("\n"));
}

/** Reads states out of the terminal's bytes, each byte once. */
function stateReader(terminal: VirtualTerminal): () => readonly StateChange[] {
  const changes: StateChange[] = [];
  let next = 0;
  let tail = "";
  return () => {
    for (; next < terminal.chunks.length; next += 1) {
      const { at, wallClock, bytes } = terminal.chunks[next]!;
      tail += Buffer.from(bytes).toString("latin1");
      let end = 0;
      for (const found of tail.matchAll(programStatus)) {
        const kind = found[2] === undefined ? "" : ` ${found[2]}`;
        changes.push({ state: `${found[1]}${kind}`, at, wallClock });
        end = found.index + found[0].length;
      }
      tail = tail.slice(Math.max(end, tail.length - 100)); // Longer than any status.
    }
    return changes;
  };
}

const programStatus = /\x1b\]7501;state=([a-z]+)[^\x1b\x07]*?(?::kind=([a-z]+))?(?:\x1b\\|\x07)/g;
