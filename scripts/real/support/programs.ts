import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { openKitty } from "./kitty.ts";
import { type Opening, type RealTerminal, settled } from "./real-terminal.ts";
import { openStage, shell } from "./stage.ts";
import { startTmux } from "./tmux.ts";
import { openVte } from "./vte.ts";
import type { XServer } from "./x-server.ts";
import { openXterm } from "./xterm.ts";

/** Terminal programs with a window. */
export const programs = { xterm: openXterm, VTE: openVte, kitty: openKitty } as const;

export type Open = (x: XServer, folder: string, opening: Opening) => Promise<RealTerminal>;

/** A terminal in a tmux of its own, which needs no window. */
export const openInTmux: Open = async (_, folder, opening) => {
  const tmux = await startTmux(mkdtempSync(join(folder, "tmux-")), opening.env);
  const terminal = await tmux.open(opening);
  return { ...terminal, [Symbol.asyncDispose]: () => tmux[Symbol.asyncDispose]() };
};

/** The reason why this program does not start here, such as a kitty without OpenGL. */
export async function whyNot(open: Open, server: XServer): Promise<string | undefined> {
  using stage = openStage("exec true");
  try {
    await using terminal = await open(
      server,
      stage.folder,
      shell(stage, "bare", { rows: 30, cols: 100 }),
    );
    await settled(terminal, /^\$/m);
    return undefined;
  } catch (error) {
    return String(error).replaceAll(/\s+/g, " ");
  }
}
