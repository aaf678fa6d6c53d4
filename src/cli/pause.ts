import packageJson from "../../package.json" with { type: "json" };
import { setKey } from "../config/edit.ts";
import { loadConfig } from "../config/load.ts";
import { askPublisher } from "../instance/request.ts";
import { systemClock } from "../lib/clock.ts";
import { messageOf, UserError } from "../lib/errors.ts";
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

/**
 * What runs sees the file change and follows within a second. Where nothing can be saved (a full
 * disk, a broken file) the publisher is told by word of mouth: a card is not to stay for that.
 */
async function setPaused(paused: boolean): Promise<number> {
  const home = usableHome();
  const { config, source } = await loadConfig(home);
  const already = config.display.paused === paused;
  try {
    // Resuming what nobody paused needs no file; a broken one is an error, not an answer.
    if (!already || source === "unreadable") {
      await changeConfig((text) => setKey(text, ["display", "paused"], paused));
    }
  } catch (error) {
    const pid = await tellPublisher(home, paused);
    if (pid === undefined) throw error;
    const effect = paused ? "shows no card while it runs" : "was told to show the card again";
    throw new UserError(`${messageOf(error)}. Until that is mended: process ${pid} ${effect}.`);
  }
  // It may have been told to pause when that could not be saved.
  if (!paused) await tellPublisher(home, paused);
  say(paused ? "Paused: no card until cdp resume." : "Not paused.");
  return 0;
}

/** The pid of the publisher that has understood, if one runs. */
async function tellPublisher(home: string, paused: boolean): Promise<number | undefined> {
  const us = { pid: process.pid, version: packageJson.version, clock: systemClock };
  const verb = paused ? "pause" : "resume";
  const answer = await askPublisher({ ...us, home, verb, timeoutMs: askMs });
  return answer.kind === "answered" ? answer.running.pid : undefined;
}

const askMs = 500;
