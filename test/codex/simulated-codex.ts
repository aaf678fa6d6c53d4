import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  createdAtOf,
  dayFolder,
  likelyPaths,
  rolloutNameAt,
} from "../../src/codex/thread-files.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");

/** A `CODEX_HOME` that is written to as Codex would, without Codex. */
export class SimulatedHome implements Disposable {
  readonly root: string;
  readonly path: string;

  constructor() {
    mkdirSync(scratch, { recursive: true });
    this.root = mkdtempSync(join(scratch, "home-"));
    this.path = join(this.root, ".codex");
    mkdirSync(this.path);
  }

  /** A terminal attaches itself to a new thread; nothing is in `sessions` before a prompt. */
  thread(options: Partial<ThreadOptions> = {}): SimulatedThread {
    return new SimulatedThread(this.path, options);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

export interface ThreadOptions {
  readonly createdAt: number;
  readonly cwd: string;
  readonly originator: string;
  readonly parent: string;
  readonly legacy: boolean;
  /** The remote that Codex writes down. */
  readonly repositoryUrl: string;
  /** When the thread says that it began, ms since the epoch. */
  readonly claimedAt: number;
}

export class SimulatedThread {
  readonly id: string;
  /** The file that is written to. */
  path: string;
  readonly #home: string;
  readonly #options: Partial<ThreadOptions>;
  readonly #createdAt: number;
  #ordinal = 0;
  #turns = 0;

  constructor(home: string, options: Partial<ThreadOptions>) {
    this.#home = home;
    this.#options = options;
    this.#createdAt = options.createdAt ?? Date.now();
    this.id = uuid7(this.#createdAt);
    this.path = localPath(home, this.id);
  }

  get turn(): string {
    return `${this.id}-turn-${this.#turns}`;
  }

  /** What a terminal leaves when it begins to show the thread. */
  show(): void {
    const folder = join(this.#home, "tui-thread-reference-capabilities");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, this.id), "", { flag: "a" });
    utimesSync(join(folder, this.id), new Date(), new Date());
  }

  lock(): void {
    const folder = join(this.#home, "thread-writer-locks");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${this.id}.lock`), "");
  }

  /** Starts a turn; the first one makes the file. */
  prompt(clientId?: string): void {
    this.#turns += 1;
    if (this.#ordinal === 0) this.#begin();
    const { turn } = this;
    this.event("task_started", { turn_id: turn, turn_attribution: { turn_trigger: "user" } });
    this.line("turn_context", { turn_id: turn, model: "gpt-5.5" });
    const item = { type: "UserMessage", id: "u", client_id: clientId, content: [] };
    this.event("item_completed", { thread_id: this.id, turn_id: turn, item });
  }

  /** Makes the file, with its head alone. */
  meta(): void {
    this.#begin();
  }

  call(command: string, workdir?: string): void {
    const args = JSON.stringify({ cmd: command, workdir });
    const call = { name: "exec_command", arguments: args, call_id: "call-1" };
    this.line("response_item", { type: "function_call", ...call });
  }

  finish(): void {
    this.event("task_complete", { turn_id: this.turn });
  }

  /** Goes back before the last turn: the thread goes on in another file, whose history is its own. */
  rewind(at = Date.now()): void {
    const day = dayFolder(this.#home, at);
    this.path = join(day, `${rolloutNameAt(at)}-${this.id}_${uuid7(at)}.jsonl`);
    this.#ordinal = Math.max(1, this.#ordinal - 3);
    mkdirSync(day, { recursive: true });
    this.line("session_meta", {
      id: this.id,
      session_id: this.id,
      timestamp: new Date(at).toISOString(),
      cwd: this.#options.cwd ?? "/work",
      originator: this.#options.originator ?? "codex-tui",
      history_base: { thread_id: this.id, end_ordinal_exclusive: this.#ordinal },
    });
  }

  event(type: string, payload: object): void {
    this.line("event_msg", { type, ...payload });
  }

  line(type: string, payload: object): void {
    const timestamp = new Date().toISOString();
    const place = this.#options.legacy === true ? {} : { ordinal: this.#ordinal };
    this.#ordinal += 1;
    appendFileSync(this.path, `${JSON.stringify({ timestamp, ...place, type, payload })}\n`);
  }

  #begin(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const { cwd = "/work", originator = "codex-tui", parent, repositoryUrl } = this.#options;
    this.line("session_meta", {
      id: this.id,
      session_id: parent ?? this.id,
      parent_thread_id: parent,
      timestamp: new Date(this.#options.claimedAt ?? this.#createdAt).toISOString(),
      ...(repositoryUrl === undefined ? {} : { git: { repository_url: repositoryUrl } }),
      cwd,
      originator,
      base_instructions: { text: "x".repeat(20_000) },
    });
  }
}

/** The session log as the child's terminal writes it. */
export class SimulatedSessionLog implements Disposable {
  readonly path: string;
  readonly fd: number;
  linked = true;

  constructor(home: SimulatedHome) {
    this.path = join(mkdtempSync(join(home.root, "log-")), "session.jsonl");
    this.fd = openSync(this.path, "ax+");
  }

  unlink(): void {
    if (this.linked) unlinkSync(this.path);
    this.linked = false;
  }

  start(): void {
    this.#write({ dir: "meta", kind: "session_start", cwd: "/work" });
  }

  prompt(clientId?: string): void {
    const turn = { client_user_message_id: clientId, items: [{ type: "text", text: "secret" }] };
    this.#write({ dir: "from_tui", kind: "op", payload: { UserTurn: turn } });
  }

  /** As releases up to about 0.100 name the thread that they show. */
  configured(thread: string): void {
    const msg = { type: "session_configured", session_id: thread };
    this.#write({ dir: "to_tui", kind: "codex_event", payload: { id: "", msg } });
  }

  /** As the same releases say that a command waits for its approval, and how it was given. */
  asks(): void {
    const msg = { type: "exec_approval_request", call_id: "call-1", command: ["make"] };
    this.#write({ dir: "to_tui", kind: "codex_event", payload: { id: "2", msg } });
  }

  approves(): void {
    const answer = { type: "exec_approval", id: "call-1", decision: "approved" };
    this.#write({ dir: "from_tui", kind: "op", payload: answer });
  }

  /** As releases up to 0.150 write a prompt. */
  userTurn(): void {
    const turn = { type: "user_turn", items: [{ type: "text", text: "secret" }] };
    this.#write({ dir: "from_tui", kind: "op", payload: turn });
  }

  compact(): void {
    this.#write({ dir: "from_tui", kind: "op", payload: "Compact" });
  }

  reset(): void {
    const variant = "ResetTranscriptForThreadSwitch";
    this.#write({ dir: "to_tui", kind: "app_event", variant });
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }

  #write(entry: object): void {
    appendFileSync(this.fd, `${JSON.stringify({ ts: new Date().toISOString(), ...entry })}\n`);
  }
}

/** Where Codex puts a thread's rollout. */
export function localPath(home: string, thread: string): string {
  const offset = -new Date(createdAtOf(thread)).getTimezoneOffset() * 60_000;
  return likelyPaths(home, thread, offset)[0]!;
}

let lastId = 0;

/** A UUID of version 7 for a moment; each call another. */
export function uuid7(at: number): string {
  lastId += 1;
  const time = at.toString(16).padStart(12, "0");
  const tail = lastId.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}
