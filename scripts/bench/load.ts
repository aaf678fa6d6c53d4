/**
 * What `echo.ts` runs beside its child, as a Codex would: a thread that `cdp` takes for its own by
 * the child's session log. `lines`: its rollout grows by lines of 10 MB. `scan`: prompts come whose
 * thread is not found, so that it is looked for again and again among 10 000 rollouts of today.
 */
import { appendFileSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const seconds = 120;
const everyMs = 500;
const others = 10_000;
/** Left behind by a Codex that was killed. */
const staleLocks = 1000;
const lineText = "x".repeat(10 * 1024 * 1024);

const load = process.argv[2];
const home = process.env["CODEX_HOME"] ?? "";
const sessionLog = process.env["CODEX_TUI_SESSION_LOG_PATH"];
const log = openSync(sessionLog ?? "/dev/null", "a");
const start = new Date();
const day = [start.getFullYear(), start.getMonth() + 1, start.getDate()];
const folder = join(home, "sessions", ...day.map((part) => String(part).padStart(2, "0")));
const locks = join(home, "thread-writer-locks");
for (const each of [folder, locks]) mkdirSync(each, { recursive: true });

const thread = threadId(start.getTime());
const rollout = rolloutPath(thread, start.getTime());
sessionEntry("meta", "session_start", {});
const client = crypto.randomUUID();
rolloutItem("session_meta", { id: thread, timestamp: start.toISOString(), cwd: process.cwd() });
rolloutItem("event_msg", { type: "task_started", turn_id: "1", started_at: 0 });
const prompt = { type: "UserMessage", id: "1", client_id: client, content: [] };
rolloutItem("event_msg", { type: "item_completed", thread_id: thread, turn_id: "1", item: prompt });
prompted(client);

if (load === "scan") {
  for (let n = 0; n < others; n++) {
    const at = start.getTime() - 1000 * (n + 60);
    const other = threadId(at);
    writeFileSync(rolloutPath(other, at), "");
    if (n < staleLocks) writeFileSync(join(locks, `${other}.lock`), "");
  }
}

// The thread is found and followed first, as that of a Codex that has just begun to answer.
Bun.sleepSync(1500);
const end = performance.now() + seconds * 1000;
for (let done = 1; performance.now() < end && process.ppid > 1; done++) {
  if (load === "lines") rolloutItem("event_msg", { type: "agent_message", message: lineText });
  else prompted(crypto.randomUUID());
  process.stdout.write(`${done}\n`);
  Bun.sleepSync(everyMs);
}

function prompted(id: string): void {
  sessionEntry("from_tui", "op", {
    payload: { UserTurn: { client_user_message_id: id, items: [] } },
  });
}

function sessionEntry(dir: string, kind: string, rest: object): void {
  writeSync(log, `${JSON.stringify({ ts: new Date().toISOString(), dir, kind, ...rest })}\n`);
}

function rolloutItem(type: string, payload: object): void {
  const line = JSON.stringify({ timestamp: new Date().toISOString(), type, payload });
  appendFileSync(rollout, `${line}\n`);
}

function rolloutPath(id: string, at: number): string {
  const local = new Date(at - start.getTimezoneOffset() * 60_000);
  const time = local.toISOString().slice(0, 19).replaceAll(":", "-");
  return join(folder, `rollout-${time}-${id}.jsonl`);
}

/** A UUID of version 7, which begins with the time. */
function threadId(at: number): string {
  const time = at.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
