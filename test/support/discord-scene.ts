import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findSockets } from "../../src/discord/client.ts";
import { openSocketDisk } from "../../src/discord/disk.ts";
import type { FoundSocket } from "../../src/discord/search.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { diskAt } from "../../src/lib/local-disk.ts";
import { Publisher, type PublisherOptions } from "../../src/presence/publisher.ts";
import { FakeClock, until } from "./fake-clock.ts";
import { FakeDiscord, type FakeDiscordOptions } from "./fake-discord.ts";

export const clientId = "1470480085453770854";

/** The package is read from the disk once, before a fake clock runs ahead of it. */
export async function loadPackage(): Promise<void> {
  await import("../../src/discord/transport.ts");
}

/** The disk without threads, so that a fake clock does not run ahead of it. */
const immediateDisk = openSocketDisk({
  hold: async (path) => ({ stats: lstatSync(path), address: path, release: () => undefined }),
  lstat: async (path) => lstatSync(path),
  readlink: async (path) => readlinkSync(path),
  readdir: async (path) => readdirSync(path),
  diskAt,
});

/** A folder for sockets, a clock, stand-in Discords and publishers; all gone at the end. */
export class DiscordScene<C extends Clock = FakeClock> implements AsyncDisposable {
  readonly folder: string;
  readonly clock: C;
  /** Lines of the debug log. */
  readonly log: string[] = [];
  readonly #ends: (() => Promise<void>)[] = [];

  constructor(clock: C) {
    const scratch = join(import.meta.dir, "../../.scratch");
    mkdirSync(scratch, { recursive: true });
    this.folder = mkdtempSync(join(scratch, "discord-"));
    this.clock = clock;
  }

  static withFakeClock(): DiscordScene {
    return new DiscordScene(new FakeClock());
  }

  path(number = 0): string {
    return join(this.folder, `discord-ipc-${number}`);
  }

  async discord(options: Partial<FakeDiscordOptions> = {}, number = 0): Promise<FakeDiscord> {
    const { clock } = this;
    const fake = await FakeDiscord.start({ path: this.path(number), clock, ...options });
    this.#ends.unshift(() => fake.stop());
    return fake;
  }

  /** A publisher that looks in our folder and nowhere else; started. */
  publisher(options: Partial<PublisherOptions> = {}): Publisher {
    const publisher = new Publisher({
      clientId,
      clock: this.clock,
      log: { debug: (_, message) => void this.log.push(message) },
      find: () => this.find(),
      disk: immediateDisk,
      random: () => 0.5,
      ...options,
    });
    this.#ends.unshift(() => this.#close(publisher));
    publisher.start();
    return publisher;
  }

  async find(): Promise<readonly FoundSocket[]> {
    const found = await findSockets({ XDG_RUNTIME_DIR: this.folder }, immediateDisk);
    return found.filter(({ place }) => place.path.startsWith(this.folder));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Closing may wait for an answer that does not come, on a clock that stands still. */
  async #close(publisher: Publisher): Promise<void> {
    let closed = false;
    void publisher.close().then(() => (closed = true));
    await until(() => {
      if (!closed && this.clock instanceof FakeClock) this.clock.advance(50);
      return closed;
    }, "the publisher closes");
  }
}
