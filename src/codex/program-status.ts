import type { StatusState } from "../session/event.ts";

/** What Codex reports of itself through its terminal. */
export interface ProgramStatus {
  /** `unknown`: a state that this release of `cdp` does not know, so that the last one is over. */
  readonly state: StatusState | "unknown";
  /** Only with `blocked`: what it waits for. */
  readonly kind?: "permission" | "question";
}

/** The OSC that carries a program's status. */
export const programStatusCode = 7501;

const states: ReadonlySet<string> = new Set([
  "idle",
  "working",
  "blocked",
  "done",
  "error",
  "clear",
]);
/** Codex's payloads have 19 to 42 characters; the specification's longest key is a base64 text. */
const maxLength = 4096;

/**
 * Reads the payload of OSC 7501, `state=S[:app=A][:kind=K]…` in any order, unknown keys ignored; a
 * terminator that was left on is tolerated. `undefined` for a query (`?`), another program's
 * status and everything malformed. A later Codex may have more states than these: the last one does
 * not hold then, and files and title tell what Codex does.
 */
export function readProgramStatus(payload: string): ProgramStatus | undefined {
  if (payload.length > maxLength) return undefined;
  const fields = new Map<string, string>();
  for (const field of withoutTerminator(payload).split(":")) {
    const at = field.indexOf("=");
    if (at > 0) fields.set(field.slice(0, at).trim(), field.slice(at + 1).trim());
  }
  const app = fields.get("app");
  if (app !== undefined && app !== "codex") return undefined;
  const state = fields.get("state");
  if (!isState(state)) return isLaterState(state, app) ? { state: "unknown" } : undefined;
  const kind = fields.get("kind");
  return state === "blocked" && (kind === "permission" || kind === "question")
    ? { state, kind }
    : { state };
}

function isState(text: string | undefined): text is StatusState {
  return text !== undefined && states.has(text);
}

/** Only where Codex names itself: what is not its own word changes nothing. */
function isLaterState(state: string | undefined, app: string | undefined): boolean {
  return app === "codex" && state !== undefined && /^[a-z][a-z_-]{0,31}$/.test(state);
}

function withoutTerminator(payload: string): string {
  const end = payload.search(/[\u0000-\u001f\u007f-\u009f]/);
  return end < 0 ? payload : payload.slice(0, end);
}
