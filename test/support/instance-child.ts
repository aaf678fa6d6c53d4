/**
 * An instance without a screen and without Discord: `<home> <mode> [startedAt]`. It prints what
 * its role tells: `state <json>`, `publish <inheritance>`, `yield`, `sessions <json>`. Orders:
 * `session <json>`, `sent <ages, joined by commas> <timer start>`, `handover`, `rejoin`, `end`,
 * `busy <ms>` (blocks the loop), `deaf` (ignores SIGTERM and never yields).
 * SIGTERM ends it, as it ends a dashboard.
 */
import { appendFileSync } from "node:fs";
import { systemClock } from "../../src/lib/clock.ts";
import { openLog } from "../../src/lib/log.ts";
import type { Inheritance, Json } from "../../src/instance/message.ts";
import { modes } from "../../src/instance/metadata.ts";
import { Role } from "../../src/instance/role.ts";

const [home = "", modeName, startedAt] = process.argv.slice(2);
const mode = modes.find((each) => each === modeName) ?? "wrapper";
const say = (what: string, value?: unknown) =>
  process.stdout.write(`${what}${value === undefined ? "" : ` ${JSON.stringify(value)}`}\n`);

let inheritance: Inheritance = { sendAges: [], timerStart: undefined };
let isDeaf = false;
/** Who publishes, in the order of the file system: what one process writes here no other can undo. */
const journal = process.env["JOURNAL"];
const note = (what: string) => {
  if (journal !== undefined) appendFileSync(journal, `${what} ${process.pid}\n`);
};

const role = new Role({
  home,
  env: process.env,
  clock: systemClock,
  log: openLog(process.env["CDP_LOG"]),
  mode,
  version: "1.0.0",
  startedAt: startedAt === undefined ? Date.now() : Number(startedAt),
  publish: (inherited) => {
    note("begin");
    inheritance = inherited;
    say("publish", inherited);
  },
  yield: async () => {
    if (isDeaf) await new Promise(() => undefined);
    note("end");
    say("yield");
  },
  inheritance: () => inheritance,
  answer: (verb) => ({ verb, by: process.pid }),
  onSessions: (sessions) => say("sessions", sessions),
  onState: (state) => {
    say("state", state);
    if (state.kind === "takenOver") process.exitCode = 0;
    if (state.kind === "failed") process.exitCode = 1;
    if (state.kind === "takenOver" || state.kind === "failed") setImmediate(() => process.exit());
  },
});

process.on("SIGTERM", () => {
  if (!isDeaf) void role[Symbol.asyncDispose]().then(() => process.exit(0));
});

async function obey(order: string): Promise<void> {
  const [verb, first = "", second = ""] = order.split(" ");
  if (verb === "session") role.report(JSON.parse(first) as Json);
  else if (verb === "sent") {
    inheritance = { sendAges: first.split(",").map(Number), timerStart: Number(second) };
    role.inheritanceChanged();
  } else if (verb === "handover") {
    await role.handOver();
    say("handed over");
  } else if (verb === "rejoin") role.rejoin();
  else if (verb === "busy") Bun.sleepSync(Number(first));
  else if (verb === "deaf") {
    isDeaf = true;
    say("deaf");
  } else if (verb === "end") {
    await role[Symbol.asyncDispose]();
    process.exit(0);
  }
}

let rest = "";
for await (const chunk of process.stdin) {
  const parts = `${rest}${String(chunk)}`.split("\n");
  rest = parts.pop() ?? "";
  for (const part of parts) await obey(part);
}
