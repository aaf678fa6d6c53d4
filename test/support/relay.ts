import { createConnection, createServer, type Server, type Socket } from "node:net";

/** What `ssh -L` is to a local program: takes every connection and carries it somewhere else. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(to: string) {
    this.#server = createServer((near) => {
      const far = createConnection(to);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("data", (chunk: Buffer) => void setTimeout(() => other.write(chunk), 30));
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
  }

  static async open(path: string, to: string): Promise<Relay> {
    const relay = new Relay(to);
    await new Promise<void>((resolve) => relay.#server.listen(path, resolve));
    return relay;
  }

  /** The way is cut, as when a laptop sleeps and `ssh` gives up. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
