import type { Clock } from "../../src/lib/clock.ts";
import type { Faults } from "./fake-discord-record.ts";
import type { FakeDiscord } from "./fake-discord.ts";

/** A publisher of some kind and a folder for the sockets of Discords. */
export interface FaultStage {
  readonly folder: string;
  /** The publisher's time, which everything that delays something for it must follow. */
  readonly clock: Clock;
  /** Listens at `discord-ipc-<number>` in `folder`. */
  discord(faults?: Partial<Faults>, number?: number): Promise<FakeDiscord>;
  /** Starts the publisher, with this for `display.discord`. */
  begin(choice?: string): Promise<void>;
  /** Sets `display.discord` while it runs. */
  choose(choice: string): void;
  /** Wants another card. */
  change(): void;
  /** First line of the card that is wanted. */
  readonly wanted: string;
  /** What `cdp status` says. */
  state(): Promise<{ readonly discord: string; readonly reason: string | undefined }>;
  /** Waits so many ms of the publisher's time for the condition. */
  until(condition: () => boolean | Promise<boolean>, what: string, ms: number): Promise<void>;
  /** Ends the publisher as its user does. How long that took, ms, and all that was printed. */
  end(): Promise<{ readonly ms: number; readonly output: string }>;
}
