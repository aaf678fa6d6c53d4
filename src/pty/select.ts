import type { PtyAddon } from "./addon.ts";
import { spawnBunPty } from "./bun-pty.ts";
import { nodePty } from "./node-pty.ts";
import type { SpawnPty } from "./pty.ts";

/** `CDP_PTY`. */
export type PtyChoice = "auto" | "node-pty" | "bun";

/** Anything but a known name means `auto`: a slip in the environment must not keep Codex from starting. */
export function parsePtyChoice(value: string | undefined): PtyChoice {
  return value === "node-pty" || value === "bun" ? value : "auto";
}

/**
 * The backend to spawn with: node-pty wherever its addon loads, else Bun's, without a word. The addon
 * is loaded now and not before, so ask only when a pty is really to be spawned.
 */
export async function selectPty(
  choice: PtyChoice,
  loadAddon: () => Promise<PtyAddon | undefined>,
): Promise<SpawnPty> {
  if (choice === "bun") return spawnBunPty;
  const addon = await loadAddon();
  return addon === undefined ? spawnBunPty : nodePty(addon);
}
