import { setKey } from "../config/edit.ts";
import { loadConfig } from "../config/load.ts";
import type { Command } from "./cdp.ts";
import { changeConfig, say, usableHome } from "./config.ts";

/** `cdp pause`: no card, on this machine, until `cdp resume`. */
export const pause: Command = {
  meta: { name: "pause", description: "Take the card away until cdp resume" },
  examples: [["cdp pause", "no card, also after a restart; Codex runs on"]],
  run: () => setPaused(true),
};

/** `cdp resume`: the card comes back. */
export const resume: Command = {
  meta: { name: "resume", description: "Show the card again after cdp pause" },
  examples: [["cdp resume", "the card comes back, as the privacy level has it"]],
  run: () => setPaused(false),
};

/** What runs sees the file change and follows within a second. */
async function setPaused(paused: boolean): Promise<number> {
  const { config, source } = loadConfig(usableHome());
  const already = config.display.paused === paused;
  // Resuming what nobody paused needs no file; a broken one is an error, not an answer.
  if (!already || source === "unreadable") {
    await changeConfig((text) => setKey(text, ["display", "paused"], paused));
  }
  say(paused ? "Paused: no card until cdp resume." : "Not paused.");
  return 0;
}
