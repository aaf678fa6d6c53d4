import { cardLine, drawCards } from "./cards.ts";
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
  /** Width and colour of the terminal that shows the cards; `undefined` when there is none. */
  readonly terminal: { readonly cols: number; readonly color: boolean } | undefined;
  readonly print: (text: string) => void;
}

/** The invented project of the recording: the folder in which the stand-in runs. */
const project = "tidewatch";

/**
 * Plays the recording in the wrapper and shows what arrived at the stand-in Discord, and only that:
 * afterwards, or line by line as it arrives where there is no terminal. Leaves no file behind.
 *
 * @returns the exit status: 0, or 1 when not a single card arrived
 */
export async function runDemo(parts: DemoParts): Promise<number> {
  const { terminal, print } = parts;
  const startedAt = Date.now();
  using home = openDemoHome(project, parts.platform);
  await using discord = await openStandInDiscord(home.discordSocket, (card) => {
    if (terminal === undefined) print(cardLine(card, startedAt));
  });
  await parts.wrap({ ...parts.self, cwd: home.cwd, env: home.environment(parts.env) });
  const { cards } = discord;
  if (cards.length === 0) print("No card arrived at the stand-in Discord.\n");
  else if (terminal !== undefined) print(`${intro}\n\n${drawCards(cards, startedAt, terminal)}`);
  return cards.length === 0 ? 1 : 0;
}

const intro = "What your friends would have seen in Discord, as its socket received it:";
