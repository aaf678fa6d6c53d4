import { drawCards, listCards } from "./cards.ts";
import { openDemoHome } from "./home.ts";
import { openStandInDiscord } from "./stand-in-discord.ts";

/** The program that the wrapper is to run in place of Codex. */
export interface DemoChild {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The environment of the wrapper too: its home, socket and runtime folder are the demo's. */
  readonly env: Readonly<Record<string, string>>;
}

export interface DemoParts {
  /** Runs the child in the real wrapper and resolves when it has ended and presence is cleared. */
  readonly wrap: (child: DemoChild) => Promise<unknown>;
  /** This program, and the arguments that make it the stand-in Codex. */
  readonly self: { readonly file: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Size and colour of the terminal that shows the cards; `undefined` when there is none. */
  readonly terminal: { readonly cols: number; readonly color: boolean } | undefined;
  readonly print: (text: string) => void;
}

/** The invented project of the recording: the folder in which the stand-in runs. */
const project = "tidewatch";

/**
 * Plays the recording in the wrapper, then shows what arrived at the stand-in Discord, and only
 * that. Leaves no file behind.
 *
 * @returns the exit status: 0, or 1 when not a single card arrived
 */
export async function runDemo(parts: DemoParts): Promise<number> {
  using home = openDemoHome(project, parts.platform);
  await using discord = await openStandInDiscord(home.discordSocket);
  const startedAt = Date.now();
  await parts.wrap({
    ...parts.self,
    cwd: home.cwd,
    env: home.environment(parts.env),
  });
  const { cards } = discord;
  if (cards.length === 0) {
    parts.print("No card arrived at the stand-in Discord.\n");
    return 1;
  }
  const { terminal } = parts;
  parts.print(
    terminal === undefined
      ? listCards(cards, startedAt)
      : `${intro}\n\n${drawCards(cards, startedAt, terminal)}`,
  );
  return 0;
}

const intro = "What your friends would have seen in Discord, as its socket received it:";
