import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../../src/lib/clock.ts";

/** How late each piece arrives, ms of the given clock. */
const delayMs = 30;

/** What `ssh -L` is to a local program: takes every connection and carries it somewhere else. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  readonly #timers = new Set<Disposable>();
  readonly #clock: Clock;

  private constructor(to: string, clock: Clock) {
    this.#clock = clock;
    this.#server = createServer((near) => {
      const far = createConnection(to);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("data", (chunk: Buffer) => this.#later(() => other.write(chunk)));
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
  }

  /** @param clock whose time the delay follows: the clock of the code under test */
  static async open(path: string, to: string, clock: Clock): Promise<Relay> {
    const relay = new Relay(to, clock);
    await new Promise<void>((resolve) => relay.#server.listen(path, resolve));
    return relay;
  }

  /** The way is cut, as when a laptop sleeps and `ssh` gives up. */
  cut(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #later(run: () => void): void {
    const timer = this.#clock.after(delayMs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }
}
