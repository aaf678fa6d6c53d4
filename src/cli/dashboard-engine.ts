import type { RoleState } from "../instance/seek.ts";
import { systemClock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { watchForSleep } from "../lib/sleep-watch.ts";
import type { Sent } from "../presence/recipient.ts";
import { type Files, openFiles } from "../tail/files.ts";
import { Engine } from "./engine.ts";

export interface LiveEngineOptions {
  readonly mode: "dashboard" | "headless";
  readonly startedAt: number;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly onChange: () => void;
  readonly onSent?: (sent: Sent) => void;
}

/** An engine that notices when the machine has slept. */
export interface LiveEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly files: Files;
}

/** Opens it and begins to publish. */
export function openLiveEngine(options: LiveEngineOptions): LiveEngine {
  const { log } = options;
  const clock = systemClock;
  const release = new AsyncDisposableStack();
  const files = release.use(openFiles(clock, log));
  const engine = release.use(new Engine({ ...options, files, clock }));
  release.use(watchForSleep(clock, () => engine.check()));
  engine.start();
  engine.connect();
  return { engine, files, [Symbol.asyncDispose]: () => release.disposeAsync() };
}

/** How a dashboard or headless publisher ends by itself. */
export type End =
  /** It was asked to: by a key, a signal, or the end of its terminal. */
  | { readonly kind: "asked" }
  | { readonly kind: "takenOver"; readonly by: number }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "fault"; readonly error: unknown };

/** The end that a role brings with it, if any. */
export function endOf(role: RoleState): End | undefined {
  if (role.kind === "takenOver" || role.kind === "failed") return role;
  return undefined;
}
