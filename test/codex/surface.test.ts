import { expect, test } from "bun:test";
import { type Surface, surfaceOf } from "../../src/codex/surface.ts";

const surfaces: readonly (readonly [string | undefined, string | undefined, Surface])[] = [
  ["codex-tui", "cli", "cli"],
  // A terminal session that runs in the daemon.
  ["codex-tui", "vscode", "cli"],
  ["codex-tui", "subagent", "cli"],
  ["codex_cli_rs", "cli", "cli"],
  ["codex_exec", "exec", "exec"],
  ["codex_exec", "subagent", "exec"],
  ["codex_sdk_ts", "exec", "exec"],
  ["codex_vscode", "vscode", "vscode"],
  ["codex_vscode", "subagent", "vscode"],
  ["Codex Desktop", "vscode", "app"],
  ["codex_chatgpt_desktop", "vscode", "app"],
  ["some_editor", "vscode", "app"],
  ["some_editor", "mcp", "app"],
  ["some_editor", "cli", "cli"],
  ["client", "exec", "exec"],
  [undefined, "vscode", "vscode"],
  [undefined, "cli", "cli"],
  [undefined, "exec", "exec"],
  ["", "vscode", "vscode"],
  [undefined, "subagent", "unknown"],
  ["some_editor", undefined, "unknown"],
  [undefined, undefined, "unknown"],
  ["x".repeat(200), "constructor", "unknown"],
];

test.each(surfaces)("originator %p with source %p is %p", (originator, source, surface) => {
  expect(surfaceOf(originator, source)).toBe(surface);
});
