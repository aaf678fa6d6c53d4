import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { PtyFacts } from "../doctor/pty.ts";
import { type Surroundings, surroundingsOf } from "../doctor/surroundings.ts";
import type { TerminalFacts } from "../doctor/terminal.ts";
import { loadPtyAddon } from "../pty/addon.ts";
import { findPrebuild } from "../pty/prebuild.ts";
import { lineSettings, windowSize } from "../terminal/termios.ts";
import { paneHeight, type PaneSetting } from "../ui/pane-height.ts";
import { themeOf } from "../ui/theme.ts";
import { modeOf } from "../wrapper/mode.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The terminal of this process, whichever of the three standard files leads to it. */
export function terminalFacts(env: Env, configured: PaneSetting): TerminalFacts {
  const term = env["TERM"];
  const fd = [0, 1, 2].find((each) => lineSettings(each) !== undefined);
  const size = fd === undefined ? undefined : windowSize(fd);
  const { unicode } = themeOf(env);
  const inTmux = env["TMUX"] !== undefined;
  const inScreen = env["STY"] !== undefined || term?.startsWith("screen") === true;
  return {
    size,
    term,
    unicode,
    colours: coloursOf(env),
    multiplexer: inTmux ? "tmux" : inScreen ? "screen" : undefined,
    pane: paneOf(env, configured, size),
  };
}

function coloursOf(env: Env): TerminalFacts["colours"] {
  const plain = themeOf(env).paint.busy("x") === "x";
  if (plain) return "none";
  return /^(?:truecolor|24bit)$/i.test(env["COLORTERM"] ?? "") ? "24-bit" : "16";
}

function paneOf(
  env: Env,
  configured: PaneSetting,
  size: TerminalFacts["size"],
): TerminalFacts["pane"] {
  const named = (["auto", "full", "compact", "off"] as const).find(
    (one) => one === env["CDP_PANE"],
  );
  const setting = named ?? configured;
  if (setting === "off") return "off";
  const mode = modeOf({
    command: "tui",
    sameTerminal: true,
    term: env["TERM"],
    inTmux: env["TMUX"] !== undefined,
    insideCodex: false,
    nested: false,
    beyondText: false,
    platform: process.platform,
  });
  if (mode !== "pane" || size === undefined) return "notHere";
  const rows = paneHeight(setting, size, { alternateScreen: true, screenReader: false });
  return rows === 0 ? "tooSmall" : "stands";
}

/** Where trying would leave a file behind, it is only looked for. */
export async function ptyFacts(env: Env): Promise<PtyFacts> {
  const { platform } = process;
  const wanted = env["CDP_PTY"];
  const addon = wanted === "bun" || platform === "win32" ? false : await addonLoads(platform);
  return { wanted, platform, addon };
}

async function addonLoads(platform: string): Promise<boolean> {
  try {
    if (platform === "linux") return (await loadPtyAddon()) !== undefined;
    return (await findPrebuild()) !== undefined;
  } catch {
    return false; // Lost: why there is none.
  }
}

export function surroundingsHere(env: Env): Surroundings {
  return surroundingsOf({ env, exists: existsSync, read: readStart, pid: process.pid });
}

function readStart(path: string): string {
  try {
    const fd = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(256);
      return bytes.toString("latin1", 0, readSync(fd, bytes));
    } finally {
      closeSync(fd);
    }
  } catch {
    return ""; // Another system, or a sandbox without it.
  }
}
