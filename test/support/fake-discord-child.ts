/**
 * The stand-in Discord in a process of its own, to be killed or to serve a compiled program.
 * Arguments: the socket's path, and faults as JSON. Prints `{"event":"listening"}` and then one
 * line of JSON for each frame, update and sight; ends with stdin.
 */
import { FakeDiscord } from "./fake-discord.ts";

const [path = "", faults = "{}"] = process.argv.slice(2);
const print = (event: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};
await using discord = await FakeDiscord.start({ path, faults: JSON.parse(faults), onEvent: print });
print({ event: "listening", path: discord.path });
for await (const _ of process.stdin);
