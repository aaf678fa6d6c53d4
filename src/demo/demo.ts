import { cardLine, drawCards } from "./cards.ts";
import { openDemoHome } from "./home.ts";
import { openSessions } from "./sessions.ts";
import { openStandInDiscord, type ReceivedCard } from "./stand-in-discord.ts";

/** The program that the wrapper is to run in place of Codex. */
export interface DemoChild {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The environment of the wrapper too: its home, socket and runtime folder are the demo's. */
  readonly env: Readonly<Record<string, string>>;
}

/** How the dashboard is to run. */
export interface DemoDashboard {
  /** Its home, socket and runtime folder are the demo's. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it, unless its person does so first. */
  readonly over: Promise<void>;
  /** Somebody has pressed a key: then it stays until they end it. */
  readonly onInput: () => void;
}

export interface DemoParts {
  readonly scenes: readonly ("wrapper" | "dashboard")[];
  /** Runs the child in the real wrapper and resolves when it has ended and presence is cleared. */
  readonly wrap: (child: DemoChild) => Promise<unknown>;
  /**
   * Runs the real dashboard. Resolves, after the card is gone, with the screen it ended with where
   * there is no terminal.
   */
  readonly dashboard: (job: DemoDashboard) => Promise<readonly string[]>;
  /** How long the dashboard is shown to somebody who presses no key, ms. */
  readonly dashboardMs: number;
  readonly speed: number;
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
 * Plays the scenes and shows what arrived at the stand-in Discord, and only that: after each scene,
 * or line by line as it arrives where there is no terminal. Leaves no file behind.
 *
 * @returns the exit status: 0, or 1 when not a single card arrived in a scene
 */
export async function runDemo(parts: DemoParts): Promise<number> {
  let status = 0;
  for (const scene of parts.scenes) {
    // oxlint-disable-next-line no-await-in-loop -- one scene after the other
    const cards = await (scene === "wrapper" ? showWrapper(parts) : showDashboard(parts));
    if (cards === 0) status = 1;
  }
  return status;
}

/** The recording beneath the pane. Returns the number of cards that arrived. */
async function showWrapper(parts: DemoParts): Promise<number> {
  using home = openDemoHome(project, parts.platform);
  const env = home.environment(parts.env);
  const play = () => parts.wrap({ ...parts.self, cwd: home.cwd, env });
  return await withDiscord(parts, home.discordSocket, play);
}

/** The dashboard over the invented sessions of `cast`. */
async function showDashboard(parts: DemoParts): Promise<number> {
  const { dashboardMs, speed, terminal, print } = parts;
  using home = openDemoHome(project, parts.platform);
  using _sessions = openSessions(home, speed, Date.now());
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, Math.min(dashboardMs, MOST_MS));
  if (dashboardMs === Infinity) clearTimeout(timer);
  let screen: readonly string[] = [];
  if (terminal === undefined) print(`\n${announced}\n`);
  const cards = await withDiscord(parts, home.discordSocket, async () => {
    const env = home.environment(parts.env);
    const onInput = (): void => clearTimeout(timer);
    screen = await parts.dashboard({ env, over: over.promise, onInput });
  });
  clearTimeout(timer);
  if (screen.length > 0) print(`\n${shown}\n\n${screen.join("\n")}\n`);
  return cards;
}

/** Runs a scene in front of a stand-in Discord, and shows what arrived there. */
async function withDiscord(
  { terminal, print }: DemoParts,
  socket: string,
  play: () => Promise<unknown>,
): Promise<number> {
  const startedAt = Date.now();
  const told = (card: ReceivedCard): void => {
    if (terminal === undefined) print(cardLine(card, startedAt));
  };
  await using discord = await openStandInDiscord(socket, told);
  await play();
  const { cards } = discord;
  if (cards.length === 0) print("No card arrived at the stand-in Discord.\n");
  else if (terminal !== undefined) print(`${intro}\n\n${drawCards(cards, startedAt, terminal)}`);
  return cards.length;
}

/** Timers count in 32 bits. */
const MOST_MS = 2 ** 31 - 1;

const intro = "What your friends would have seen in Discord, as its socket received it:";
const announced = "Now `cdp`, the dashboard, over a few invented sessions at once:";
const shown = "The dashboard as it stood at the end (`cdp demo --dashboard` in a terminal):";
