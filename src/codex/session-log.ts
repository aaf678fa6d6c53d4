import type { SessionEvent } from "../session/event.ts";

/**
 * What the log that Codex's terminal writes for us tells (`CODEX_TUI_SESSION_LOG_PATH`; an
 * undocumented aid of Codex, so everything in it may be absent).
 */
export type SessionLogEntry = { readonly at: number } & (
  | { readonly type: "started" }
  /** A prompt was sent; older releases give no id. */
  | { readonly type: "prompted"; readonly clientId?: string }
  /** The child shows this thread now; only of releases that write all their events. */
  | { readonly type: "configured"; readonly thread: string }
  | { readonly type: "compacting" }
  /** It waits for the person's approval, or does no longer; only of releases as above. */
  | { readonly type: "asking" | "answered" }
  /** The screen was emptied to show another thread. */
  | { readonly type: "reset" }
  | { readonly type: "ended" }
);

/** Prompts come after the id, and are never looked at. */
const headBytes = 1024;
const latin1 = new TextDecoder("latin1");

const start = /^\{"ts":"([^"\\]{1,40})","dir":"(\w{1,16})","kind":"(\w{1,32})"(.*)/s;
/** Releases up to 0.150 name an operation by a `type` in snake case. */
const prompt = /^,"payload":\{(?:"UserTurn":\{|"type":"user_(?:turn|input)")/;
const clientId = /"client_user_message_id":"([^"\\]{1,64})"/;
const compact = /^,"payload":(?:"Compact"|\{"Compact"|\{"type":"compact")/;
const configured =
  /^,"payload":\{"id":"[^"\\]{0,64}","msg":\{"type":"session_configured","session_id":"([0-9a-f-]{36})"/;
const asking =
  /^,"payload":\{"id":"[^"\\]{0,64}","msg":\{"type":"(?:exec_approval|apply_patch_approval|elicitation)_request"/;
const answer =
  /^,"payload":\{"type":"(?:exec_approval|patch_approval|resolve_elicitation|interrupt)"/;
const threadSwitch = /^,"variant":"ResetTranscriptForThreadSwitch"/;

/** Reads one line of the session log; `undefined` for all that says nothing about the thread. */
export function readSessionLogLine(line: Uint8Array): SessionLogEntry | undefined {
  const match = start.exec(latin1.decode(line.subarray(0, headBytes)));
  if (match === null) return undefined;
  const [, timestamp = "", direction = "", kind = "", rest = ""] = match;
  const at = Date.parse(timestamp);
  if (Number.isNaN(at)) return undefined;
  switch (`${direction}/${kind}`) {
    case "meta/session_start":
      return { type: "started", at };
    case "meta/session_end":
      return { type: "ended", at };
    case "to_tui/codex_event": {
      const thread = configured.exec(rest)?.[1];
      if (asking.test(rest)) return { type: "asking", at };
      return thread === undefined ? undefined : { type: "configured", at, thread };
    }
    case "to_tui/app_event":
      return threadSwitch.test(rest) ? { type: "reset", at } : undefined;
    case "from_tui/op":
      return readOperation(rest, at);
    default:
      return undefined;
  }
}

function readOperation(rest: string, at: number): SessionLogEntry | undefined {
  if (compact.test(rest)) return { type: "compacting", at };
  if (answer.test(rest)) return { type: "answered", at };
  if (!prompt.test(rest)) return undefined;
  const [beforeItems = ""] = rest.split('"items":', 1);
  const id = clientId.exec(beforeItems)?.[1];
  return id === undefined ? { type: "prompted", at } : { type: "prompted", at, clientId: id };
}

/** What an entry means for the session that the child shows, whatever thread that is. */
export function eventOfEntry({ type, at }: SessionLogEntry): SessionEvent | undefined {
  switch (type) {
    case "compacting":
      return { type: "compactionStarted", at };
    case "asking":
      return { type: "titleReported", at, hint: "attention" };
    // It is ready for a prompt: releases that say so have neither a title nor, yet, a rollout.
    case "configured":
    case "answered":
      return { type: "titleReported", at, hint: "quiet" };
    case "reset":
      return { type: "screenReset", at };
    case "started":
      return { type: "childStarted", at };
    case "prompted":
    case "ended":
    default:
      return undefined;
  }
}
