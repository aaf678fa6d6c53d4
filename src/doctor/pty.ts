import { type Check, ok, warn } from "./check.ts";

export interface PtyFacts {
  /** `CDP_PTY`. */
  readonly wanted: string | undefined;
  readonly platform: string;
  /** node-pty's native part loads (or would, where trying leaves something behind). */
  readonly addon: boolean;
}

const name = "pty";

/** Which of the two pseudo-terminals would run Codex. */
export function checkPty({ wanted = "", platform, addon }: PtyFacts): Check {
  if (platform === "win32") return ok(name, "not used on Windows: Codex runs on this console");
  const backend = addon && wanted !== "bun" ? "node-pty" : "Bun's own";
  if (!["", "auto", "node-pty", "bun"].includes(wanted)) {
    const line = `CDP_PTY is ${JSON.stringify(wanted)}, which counts as auto: ${backend} runs`;
    return warn(name, line, "Set it to auto, node-pty or bun, or unset it.");
  }
  if (wanted === "bun") return ok(name, "Bun's own, as CDP_PTY says");
  if (addon) return ok(name, "node-pty");
  const line = "Bun's own, since node-pty's native part does not load here";
  return warn(name, line, "It works as well; CDP_PTY=bun chooses it without trying the other.");
}
