/**
 * A publisher in a process of its own. Orders come as lines on stdin: `show <text>`, `clear`,
 * `busy <ms>` (blocks the loop); the end of stdin closes and ends.
 * It prints nothing: what appears on stdout or stderr comes from the presence layer.
 */
import { systemClock } from "../../src/lib/clock.ts";
import { openLog } from "../../src/lib/log.ts";
import { Publisher } from "../../src/presence/publisher.ts";

const publisher = new Publisher({
  clientId: "1470480085453770854",
  clock: systemClock,
  log: openLog(process.env["CDP_LOG"]),
});
publisher.start();
let rest = "";
for await (const chunk of process.stdin) {
  const lines = `${rest}${String(chunk)}`.split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) obey(line);
}
await publisher.close();

function obey(line: string): void {
  const [order, value = ""] = line.split(" ", 2);
  if (order === "show") publisher.publish({ details: value });
  else if (order === "clear") publisher.publish(undefined);
  else if (order === "busy") Bun.sleepSync(Number(value));
}
