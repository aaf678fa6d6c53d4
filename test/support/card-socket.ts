import { defaultBounds } from "../../src/discord/connection.ts";
import type { WholeCard } from "../../src/presence/layout.ts";
import type { Publisher } from "../../src/presence/publisher.ts";
import { DiscordScene, loadPackage } from "./discord-scene.ts";
import { until } from "./fake-clock.ts";
import type { FakeDiscord } from "./fake-discord.ts";

/** Discord's window for updates is over, and the schedule's with it. */
const restMs = 25_000;
const stepMs = 5000;
/** Answers come in real time, and would be waited for in fake time. */
const hour = 3_600_000;
const patient = { ...defaultBounds, reply: hour, heartbeat: 100 * hour };

/** A publisher, a socket and Discord behind it: what of a card gets through. */
export class CardSocket implements AsyncDisposable {
  readonly #scene: DiscordScene;
  readonly #discord: FakeDiscord;
  readonly #publisher: Publisher;

  private constructor(scene: DiscordScene, discord: FakeDiscord) {
    this.#scene = scene;
    this.#discord = discord;
    this.#publisher = scene.publisher({ bounds: patient });
  }

  static async open(): Promise<CardSocket> {
    await loadPackage();
    const scene = DiscordScene.withFakeClock();
    const socket = new CardSocket(scene, await scene.discord());
    await socket.#scene.clock.runUntil(
      () => socket.#publisher.state.discord === "connected",
      "a connection",
    );
    return socket;
  }

  /** Every byte that Discord is told of this card, from when it is wanted until it is gone. */
  async sent(card: WholeCard | undefined): Promise<string> {
    const discord = this.#discord;
    discord.forget();
    this.#publisher.publish(card);
    if (card !== undefined) await until(() => discord.visible !== undefined, "the card");
    await this.#scene.clock.run(restMs, stepMs);
    this.#publisher.publish(undefined);
    await until(() => discord.visible === undefined, "no card");
    await this.#scene.clock.run(restMs, stepMs);
    return JSON.stringify(discord.frames.map(({ op, data }) => [op, data]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scene[Symbol.asyncDispose]();
  }
}
