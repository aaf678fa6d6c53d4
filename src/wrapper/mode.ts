/** What the wrapper must know to decide how Codex is run. */
export interface Circumstances {
  /** What the arguments start (codex/arguments.ts). */
  readonly command: "tui" | "exec" | "other";
  /** stdin, stdout and stderr are the same terminal. */
  readonly sameTerminal: boolean;
  readonly term: string | undefined;
  /** tmux names itself `screen` in TERM, too; only `TMUX` tells the two apart. */
  readonly inTmux: boolean;
  /** Inside a tool call of Codex itself (`CODEX_THREAD_ID`): a session of its own is no session. */
  readonly insideCodex: boolean;
  /** Below another `cdp`, whose pane stands in this terminal. */
  readonly nested: boolean;
  /** An argument or a variable is not UTF-8, so that only the kernel can pass it on. */
  readonly beyondText: boolean;
  readonly platform: NodeJS.Platform;
}

/**
 * - `become`: cdp turns into Codex; no presence.
 * - `inherit`: Codex as a child on our own stdin, stdout and stderr, with presence.
 * - `bare`: Codex in a pty of its own, with presence, without a pane.
 * - `pane`: the same, beneath the pane.
 */
export type Mode = "become" | "inherit" | "bare" | "pane";

/** Terminals in which no pane stands: GNU screen, the Linux console (docs/pane.md). */
const paneless = /^(?:screen|linux|cons25)/;

/** How this Codex is run: the more we know that it is the TUI on a real terminal, the more we do. */
export function modeOf(of: Circumstances): Mode {
  if (of.insideCodex || of.beyondText || of.command === "other") return "become";
  if (of.command === "exec") return of.nested ? "become" : "inherit";
  const { term = "" } = of;
  // Without a terminal Codex refuses to start; it does so best in its own words.
  if (!of.sameTerminal || of.nested) return "become";
  if (term === "" || term === "dumb") return "inherit";
  if (of.platform === "win32") return "inherit";
  return paneless.test(term) && !of.inTmux ? "bare" : "pane";
}
