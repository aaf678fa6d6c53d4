/**
 * A publisher whose clock runs ahead whenever it has lost its connection, so that a thousand
 * restarts of Discord take seconds. At each connection whose number is among the arguments it
 * prints what it takes (JSON); at the last it ends.
 */
import { heapStats } from "bun:jsc";
import { defaultBounds } from "../../src/discord/connection.ts";
import { Publisher } from "../../src/presence/publisher.ts";
import { FakeClock } from "./fake-clock.ts";

const marks = process.argv.slice(2).map(Number);
const clock = new FakeClock();
const hour = 3_600_000;
let connections = 0;
const publisher = new Publisher({
  clientId: "1470480085453770854",
  clock,
  random: () => 0,
  log: { debug: () => undefined },
  bounds: { ...defaultBounds, reply: hour, heartbeat: 1000 * hour },
});
publisher.onState(({ discord, reason }) => {
  if (discord === "connected" && reason.startsWith("connected at")) connections += 1;
  if (discord === "connecting" && reason.startsWith("connection lost")) {
    if (marks.includes(connections)) tell();
    if (connections >= (marks.at(-1) ?? 0)) process.exit(0);
    setImmediate(() => clock.advance(31_000));
  }
});
publisher.publish({ details: "Using Codex" });
publisher.start();

function tell(): void {
  Bun.gc(true);
  const { heapSize, objectTypeCounts } = heapStats();
  const count = (name: string): number => objectTypeCounts[name] ?? 0;
  const { rss } = process.memoryUsage();
  const timers = clock.pending + count("Timeout");
  const taken = { connections, heap: heapSize, rss, timers, sockets: count("TCPSocket") };
  process.stdout.write(`${JSON.stringify(taken)}\n`);
}
