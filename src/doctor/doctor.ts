import { messageOf } from "../lib/errors.ts";
import { type Check, fail } from "./check.ts";
import { checkCodex, type CodexFacts } from "./codex.ts";
import { checkConfig, type ConfigFacts } from "./config.ts";
import { checkDiscord, type DiscordFacts, isReached } from "./discord.ts";
import { checkGit, type GitFacts } from "./git.ts";
import { checkHome, type HomeFacts } from "./home.ts";
import { checkInstance, type InstanceFacts } from "./instance.ts";
import { checkPty, type PtyFacts } from "./pty.ts";
import { checkRuntime, checkSurroundings, type Surroundings } from "./surroundings.ts";
import { checkTerminal, type TerminalFacts } from "./terminal.ts";

/** All that `cdp doctor` looks at. Without a home of Codex there is neither config nor instance. */
export interface Facts {
  readonly codex: CodexFacts;
  readonly pty: PtyFacts;
  readonly git: GitFacts;
  readonly terminal: TerminalFacts;
  readonly home: HomeFacts;
  readonly config: ConfigFacts | undefined;
  readonly instance: InstanceFacts | undefined;
  readonly discord: DiscordFacts;
  readonly surroundings: Surroundings;
}

/** From the facts to the checks, in the order in which things depend on each other. Never throws. */
export function diagnose(facts: Facts): readonly Check[] {
  const { codex, pty, git, terminal, home, config, instance, discord, surroundings } = facts;
  return [
    ...guarded("codex", () => checkCodex(codex)),
    ...guarded("pty", () => [checkPty(pty)]),
    ...guarded("git", () => [checkGit(git)]),
    ...guarded("terminal", () => checkTerminal(terminal)),
    ...guarded("codex home", () => checkHome(home)),
    ...guarded("config", () => (config === undefined ? [] : checkConfig(config))),
    ...guarded("instance", () => (instance === undefined ? [] : checkInstance(instance))),
    ...guarded("discord", () => checkDiscord(discord)),
    ...guarded("surroundings", () => checkSurroundings(surroundings, isReached(discord))),
    ...guarded("runtime", () => [checkRuntime(surroundings)]),
  ];
}

/** A fault of ours in one check must not cost the others. */
function guarded(name: string, run: () => readonly Check[]): readonly Check[] {
  try {
    return run();
  } catch (error) {
    const line = `this check itself failed: ${messageOf(error)}`;
    return [fail(name, line, "A fault of ours: please report it with this line.")];
  }
}
