import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  codexBinary,
  makeCodexHome,
  type CodexHome,
  type CodexHomeOptions,
} from "../support/codex-home.ts";
import { codexUser, type CodexUser } from "../support/codex-user.ts";
import type { Faults } from "../support/fake-discord-record.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { startModelService, type ModelService } from "../support/model-service.ts";
import { endDaemon } from "../support/processes.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";
import { defaultLimits } from "../../src/presence/schedule.ts";

/** The compiled program. */
export const cdp = resolve(import.meta.dir, "../../dist/cdp");
if (!existsSync(cdp)) throw new Error(`${cdp} is missing: bun scripts/build.ts`);

export interface StageOptions extends Partial<CodexHomeOptions> {
  /** Arguments for Codex. Default `--no-daemon`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Gates of the model service that are held from the start. */
  readonly hold?: readonly string[];
  /** Makes a program that runs in Codex's place. */
  readonly program?: (codexHome: string) => string;
  /** Home and model of another stage, for a second `cdp` beside it. */
  readonly beside?: Pick<Stage, "home" | "model">;
  readonly faults?: Partial<Faults>;
  /** Puts something into the home before `cdp` starts. */
  readonly prepare?: (stage: Pick<Stage, "home">) => void;
}

/** The real Codex under the compiled `cdp`, with a person before it and a friend behind it. */
export interface Stage extends AsyncDisposable {
  readonly home: CodexHome;
  readonly model: ModelService;
  readonly discord: FakeDiscord;
  readonly terminal: VirtualTerminal;
  readonly user: CodexUser;
  readonly friend: Friend;
}

/** Somebody who looks at the person's profile in Discord. */
export interface Friend {
  /** What the friend saw so far, by the first line of the card; `-` is no card. */
  cards(): readonly string[];
  /** Resolves when the friend sees a card with this first line, or none (`-`). */
  sees(details: string, deadlineMs?: number): Promise<void>;
  /**
   * Resolves when the next card would go out at once: a state that lasts for a moment only can be
   * seen by the friend no other way.
   */
  hasRoom(): Promise<void>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const { home, model } = options.beside ?? newHome(made, options);
  for (const gate of options.hold ?? []) model.hold(gate);
  options.prepare?.({ home });
  const socket = options.beside === undefined ? "discord-ipc-0" : "another-discord";
  const path = join(home.env["XDG_RUNTIME_DIR"]!, socket);
  const discord = made.use(await FakeDiscord.start({ path, faults: options.faults ?? {} }));
  const terminal = made.use(
    openVirtualTerminal({
      command: [cdp, "codex", ...(options.args ?? ["--no-daemon"])],
      env: {
        ...home.env,
        CDP_CODEX_BIN: options.program?.(home.path) ?? codexBinary(),
        ...(options.beside === undefined ? {} : { CDP_DISCORD_SOCKET: path }),
        ...options.env,
      },
      cwd: home.project,
    }),
  );
  const owned = made.move();
  return {
    home,
    model,
    discord,
    terminal,
    user: codexUser(terminal, home.path),
    friend: {
      cards: () => cardsOf(discord),
      sees: (details, deadlineMs = 40_000) =>
        discord.waitFor((it) => detailsOf(it.visible) === details, `"${details}"`, deadlineMs),
      hasRoom: () => hasRoom(discord),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function newHome(
  made: AsyncDisposableStack,
  options: StageOptions,
): { readonly home: CodexHome; readonly model: ModelService } {
  const model = made.use(startModelService());
  const home = made.use(makeCodexHome({ modelUrl: model.url, ...options }));
  made.defer(() => endDaemon(home.path));
  return { home, model };
}

/** First lines of the cards in the order a friend saw them; a repetition counts once. */
export function cardsOf(discord: FakeDiscord): string[] {
  const lines = discord.sights.map(({ activity }) => detailsOf(activity));
  return lines.filter((line, i) => line !== lines[i - 1]);
}

export function detailsOf(activity: FakeDiscord["visible"]): string {
  return activity === undefined ? "-" : String(activity["details"]);
}

async function hasRoom(discord: FakeDiscord): Promise<void> {
  const open = (): boolean => {
    const now = performance.timeOrigin + performance.now();
    const sends = discord.updates.map(({ at }) => at);
    const inWindow = sends.filter((at) => at > now - defaultLimits.window - 100);
    const rested = now - (sends.at(-1) ?? 0) > defaultLimits.gap + 100;
    return rested && inWindow.length < defaultLimits.cards;
  };
  await discord.waitFor(open, "room for another card", 25_000);
}
