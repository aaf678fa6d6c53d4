import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Server, ServerWebSocket } from "bun";
import { daemonSocket } from "../../src/cli/daemon-socket.ts";
import { openDaemon } from "../../src/codex/daemon.ts";
import { silentLog } from "../../src/lib/log.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { SimulatedHome } from "./simulated-codex.ts";

let home: SimulatedHome;
let clock: FakeClock;
let heard: string[];
let made: DisposableStack;
beforeEach(() => {
  home = new SimulatedHome();
  clock = new FakeClock();
  heard = [];
  made = new DisposableStack();
});
afterEach(() => {
  made.dispose();
  home[Symbol.dispose]();
});

/** A daemon by an independent WebSocket server, on the home's own socket. */
class SimulatedDaemon implements Disposable {
  readonly received: string[] = [];
  client: ServerWebSocket | undefined;
  readonly #server: Server<undefined>;

  constructor() {
    const unix = join(home.path, "app-server-control", "app-server-control.sock");
    mkdirSync(dirname(unix), { recursive: true });
    this.#server = Bun.serve({
      unix,
      fetch: (request, server) =>
        server.upgrade(request) ? undefined : new Response("", { status: 400 }),
      websocket: {
        open: (client) => void (this.client = client),
        message: (client, text) => {
          this.received.push(String(text));
          const { id } = JSON.parse(String(text)) as { readonly id?: number };
          if (id !== undefined) client.send(JSON.stringify({ id, result: { userAgent: "x" } }));
        },
      },
    });
  }

  tell(method: string, params: object, id?: number): void {
    this.client?.send(JSON.stringify({ id, method, params }));
  }

  [Symbol.dispose](): void {
    void this.#server.stop(true);
  }
}

function listen(): void {
  made.use(
    openDaemon({
      connect: daemonSocket(home.path),
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      clock,
      log: silentLog,
      version: "1.0.0",
      onStatus: (thread, event) => heard.push(`${thread} ${said(event)}`),
      onLost: () => heard.push("lost"),
      onThreads: () => heard.push("threads"),
    }),
  );
}

function said(event: object | undefined): string {
  const { state = "nothing", kind = "" } = (event ?? {}) as { state?: string; kind?: string };
  return `${state} ${kind}`.trim();
}

const status = (type: string, ...activeFlags: string[]) => ({
  threadId: "t",
  status: { type, activeFlags },
});

test("it says who it is, and never anything more, whatever it is asked", async () => {
  const daemon = made.use(new SimulatedDaemon());
  listen();
  await waitFor("the greeting", () => daemon.received.length === 2);
  daemon.tell("item/commandExecution/requestApproval", { threadId: "t" }, 7);
  daemon.tell("thread/status/changed", status("active", "waitingOnApproval"));
  daemon.tell("thread/status/changed", status("active", "waitingOnUserInput"));
  daemon.tell("thread/status/changed", status("active"));
  daemon.tell("thread/status/changed", status("idle"));
  daemon.tell("thread/status/changed", status("systemError"));
  daemon.tell("thread/status/changed", status("notLoaded"));
  daemon.client?.send("no JSON");
  daemon.tell("thread/started", { thread: { id: "t" } });
  await waitFor("all of it", () => heard.includes("threads"));
  expect(heard).toEqual([
    "t blocked permission",
    "t blocked question",
    "t working",
    "t idle",
    "t error",
    "t nothing",
    "threads",
  ]);
  const sent = daemon.received.map((text) => (JSON.parse(text) as { method: string }).method);
  expect(sent).toEqual(["initialize", "initialized"]);
});

test("no daemon, one that comes later, goes and comes again", async () => {
  listen();
  expect(heard).toEqual([]);
  let daemon = new SimulatedDaemon();
  clock.advance(15_000);
  await waitFor("the greeting", () => daemon.received.length === 2);
  daemon[Symbol.dispose]();
  await waitFor("the loss", () => heard.includes("lost"));
  daemon = made.use(new SimulatedDaemon());
  clock.advance(15_000);
  await waitFor("the greeting again", () => daemon.received.length === 2);
});

test("a file in the socket's place is left alone", () => {
  mkdirSync(join(home.path, "app-server-control"));
  writeFileSync(join(home.path, "app-server-control", "app-server-control.sock"), "");
  listen();
  expect(heard).toEqual([]);
  expect(clock.pending).toBe(1);
});

test("after disposal it is quiet", async () => {
  const daemon = made.use(new SimulatedDaemon());
  listen();
  await waitFor("the greeting", () => daemon.received.length === 2);
  made.dispose();
  expect(clock.pending).toBe(0);
  expect(heard).toEqual([]);
});
