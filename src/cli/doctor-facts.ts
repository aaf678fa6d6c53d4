import packageJson from "../../package.json" with { type: "json" };
import { configPath } from "../config/file.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { defaultConfig } from "../config/schema.ts";
import type { Facts } from "../doctor/doctor.ts";
import type { InstanceFacts } from "../doctor/instance.ts";
import { askPublisher, type Answer } from "../instance/request.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { openGitProgram } from "../repository/git-program.ts";
import { choiceHere } from "./chosen-discord.ts";
import { codexFacts } from "./doctor-codex.ts";
import { discordFacts, placesFound } from "./doctor-discord.ts";
import { homeFacts } from "./doctor-home.ts";
import { instanceLeftovers } from "./doctor-leftovers.ts";
import { ptyFacts, surroundingsHere, terminalFacts } from "./doctor-machine.ts";
import { codexHome } from "./home.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** As long as Codex itself may take for its version. */
const gitMs = 1200;
/** A publisher that is busy is still heard. */
const answerMs = 300;

/**
 * Looks at everything, first at what the disk tells in one piece, then at whatever may keep us
 * waiting (Codex, Discord) all at once and each for a bounded time. Creates and changes nothing.
 */
export async function gatherFacts(env: Env, clock: Clock, log: Log): Promise<Facts> {
  const home = codexHome(env);
  const loaded = home.ok ? await loadConfig(home.path) : undefined;
  const { display, discord_client_id: clientId } = loaded?.config ?? defaultConfig;
  const terminal = terminalFacts(env, display.pane);
  const surroundings = surroundingsHere(env);
  const found = placesFound(env, display.discord);
  const choice = choiceHere(env, display.discord);
  const homeSeen = await homeFacts(home, clock, log);
  const answer = home.ok ? await ask(home.path, clock) : noPublisher;
  const instance = home.ok ? instanceFacts(home.path, env, answer) : undefined;
  const [codex, pty, git, discord] = await Promise.all([
    codexFacts(env, clock),
    ptyFacts(env),
    openGitProgram({ env, clock, findMs: gitMs }).state(),
    found.then((places) => discordFacts({ env, clientId, found: places, choice, answer, clock })),
  ]);
  return {
    codex,
    pty,
    git,
    terminal,
    home: homeSeen,
    config: home.ok ? configFacts(home.path, loaded) : undefined,
    instance,
    discord,
    surroundings,
  };
}

const noPublisher: Answer = { kind: "notRunning", problem: undefined };

async function ask(home: string, clock: Clock): Promise<Answer> {
  try {
    const { version } = packageJson;
    return await askPublisher({
      home,
      verb: "status",
      pid: process.pid,
      version,
      clock,
      timeoutMs: answerMs,
    });
  } catch (error) {
    return { kind: "notRunning", problem: messageOf(error) };
  }
}

function configFacts(home: string, loaded: LoadedConfig | undefined): Facts["config"] {
  return loaded === undefined ? undefined : { path: configPath(home), loaded };
}

function instanceFacts(home: string, env: Env, answer: Answer): InstanceFacts {
  const state = answer.kind === "notRunning" ? answer : answer.running;
  return {
    state,
    ...instanceLeftovers(home, env, state),
    silent: answer.kind === "silent" ? answer.why : undefined,
    version: packageJson.version,
  };
}
