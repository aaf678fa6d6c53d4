import type { TerminalSize } from "../terminal/terminal.ts";
import { type Check, ok, warn } from "./check.ts";

/** The terminal before the person. */
export interface TerminalFacts {
  /** `undefined`: this is no terminal (a pipe, a service). */
  readonly size: TerminalSize | undefined;
  readonly term: string | undefined;
  readonly unicode: boolean;
  readonly colours: "none" | "16" | "24-bit";
  readonly multiplexer: "tmux" | "screen" | undefined;
  /** `off` by the person's choice, or how `cdp codex` would run the TUI here, pane or not. */
  readonly pane: "off" | "stands" | "tooSmall" | "notHere";
}

const name = "terminal";

/** What this terminal can do, and whether the pane would stand in it. */
export function checkTerminal(facts: TerminalFacts): readonly Check[] {
  const { size, term = "" } = facts;
  if (size === undefined) {
    return [ok(name, "none here (a pipe or a service): run this in yours to have it checked")];
  }
  return [abilities(term, size, facts), pane(size, facts)];
}

function abilities(term: string, size: TerminalSize, facts: TerminalFacts): Check {
  const { unicode, colours, multiplexer } = facts;
  if (term === "" || term === "dumb") {
    const line = `TERM is ${term === "" ? "not set" : "dumb"}: Codex's own screen does not start`;
    return warn(name, line, "Use another terminal, or set TERM to what it is (xterm-256color).");
  }
  const parts = [
    multiplexer === undefined ? term : `${multiplexer} (${term})`,
    `${size.cols}x${size.rows}`,
    colours === "none" ? "no colours" : `${colours} colours`,
    unicode ? "UTF-8" : "ASCII only",
  ];
  const line = parts.join(", ");
  if (unicode) return ok(name, line);
  return warn(name, line, "For all characters set a UTF-8 locale: `export LANG=C.UTF-8`.");
}

function pane({ cols, rows }: TerminalSize, { multiplexer, pane: state }: TerminalFacts): Check {
  if (state === "off") return ok("pane", "off, as CDP_PANE or display.pane says");
  if (state === "stands") return ok("pane", "stands above Codex here");
  if (state === "tooSmall") {
    const line = `not in ${cols}x${rows}: it needs 40x12`;
    return warn("pane", line, "Make the window larger; the pane comes by itself.");
  }
  const where = multiplexer === "screen" ? "GNU screen" : "this kind of terminal";
  const fix = "Codex and its card work without it; tmux, or a terminal window, has it.";
  return warn("pane", `does not stand in ${where}`, fix);
}
