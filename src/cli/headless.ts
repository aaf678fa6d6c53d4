import { messageOf, UserError } from "../lib/errors.ts";
import { openLog } from "../lib/log.ts";
import { usableHome } from "./config.ts";
import { type End, endOf, openLiveEngine } from "./dashboard-engine.ts";
import { onEndingSignal } from "./process-events.ts";

/**
 * `cdp --headless`: publishes until it is told to end or taken over, without a screen or a word.
 *
 * @returns the exit status
 * @throws UserError when there is no Codex home, or the role of publisher cannot be had
 */
export async function headless(): Promise<number> {
  const { env } = process;
  const home = usableHome();
  using log = openLog(env["CDP_LOG"]);
  const ended = Promise.withResolvers<End>();
  using _signals = onEndingSignal(() => ended.resolve({ kind: "asked" }));
  await using live = openLiveEngine({
    mode: "headless",
    startedAt: Date.now(),
    home,
    env,
    log,
    onChange: () => {
      const { role } = live.engine.state;
      const end = endOf(role);
      if (end !== undefined) ended.resolve(end);
      // Without a screen, to wait for a disk to be mended would look like publishing.
      if (role.kind === "off") ended.resolve({ kind: "failed", reason: offWords(role.reason) });
    },
  });
  const end = await ended.promise;
  if (end.kind === "failed") throw new UserError(end.reason, 1);
  if (end.kind === "fault") throw new Error(messageOf(end.error));
  return 0;
}

const offWords = (reason: string) =>
  `nothing can be published: ${reason}. \`cdp doctor\` says what to do.`;
