import { expect, test } from "bun:test";
import { type Circumstances, modeOf } from "../../src/wrapper/mode.ts";

const usual: Circumstances = {
  command: "tui",
  sameTerminal: true,
  term: "xterm-256color",
  inTmux: false,
  insideCodex: false,
  nested: false,
  beyondText: false,
  platform: "linux",
};

test.each<[string, Partial<Circumstances>, string]>([
  ["the TUI on a terminal", {}, "pane"],
  ["exec", { command: "exec" }, "inherit"],
  ["exec in a pipe", { command: "exec", sameTerminal: false, term: undefined }, "inherit"],
  ["login", { command: "other" }, "become"],
  ["the TUI with a redirected stream", { sameTerminal: false }, "become"],
  ["TERM=dumb", { term: "dumb" }, "inherit"],
  ["TERM empty", { term: "" }, "inherit"],
  ["TERM unset", { term: undefined }, "inherit"],
  ["inside a tool call of Codex", { insideCodex: true }, "become"],
  ["exec inside a tool call of Codex", { insideCodex: true, command: "exec" }, "become"],
  ["an argument that is not UTF-8", { beyondText: true }, "become"],
  ["below another cdp", { nested: true }, "become"],
  ["GNU screen", { term: "screen.xterm-256color" }, "bare"],
  ["tmux, which says screen", { term: "screen-256color", inTmux: true }, "pane"],
  ["tmux by its own name", { term: "tmux-256color", inTmux: true }, "pane"],
  ["the Linux console", { term: "linux" }, "bare"],
  ["Windows, until someone has proven it there", { platform: "win32" }, "inherit"],
])("%s: %#", (_, change, mode) => {
  expect<string>(modeOf({ ...usual, ...change })).toBe(mode);
});
