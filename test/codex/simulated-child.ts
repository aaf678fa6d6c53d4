import type { OwnThreadOptions } from "../../src/codex/own-thread-options.ts";
import { openOwnThread } from "../../src/codex/own-thread.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SessionEvent } from "../../src/session/event.ts";
import { newSession, reduce, switchThread, type Session } from "../../src/session/session.ts";
import { openFiles, type Files } from "../../src/tail/files.ts";
import { SimulatedHome, SimulatedSessionLog } from "./simulated-codex.ts";

export interface Child {
  readonly log: SimulatedSessionLog;
  readonly events: readonly SessionEvent[];
  /** The threads it was said to show, in order; "" for none. */
  readonly threads: readonly string[];
  session(): Session;
  poke(): void;
  stop(): void;
}

export type ChildOptions = Partial<OwnThreadOptions> & { pid?: number; noLog?: boolean };

/** A home and children in it that are being followed; disposing ends them and takes it all away. */
export class Scene implements Disposable {
  readonly #scope = new DisposableStack();
  readonly home: SimulatedHome = this.#scope.use(new SimulatedHome());
  readonly files: Files = this.#scope.use(openFiles(systemClock, silentLog));

  child(options: ChildOptions = {}): Child {
    const log = this.#scope.use(new SimulatedSessionLog(this.home));
    const events: SessionEvent[] = [];
    const threads: string[] = [];
    let session = newSession;
    const own = this.#scope.use(
      openOwnThread({
        home: this.home.path,
        cwd: "/work",
        surface: "tui",
        disk: this.files,
        clock: systemClock,
        log: silentLog,
        ...(options.noLog === true ? {} : { sessionLog: log }),
        onEvent: (event) => {
          events.push(event);
          session = reduce(session, event);
        },
        onThread: (thread) => {
          threads.push(thread.facts?.thread ?? "");
          session = switchThread(session, thread);
        },
        ...options,
      }),
    );
    own.start({ pid: options.pid ?? 1, spawnedAt: Date.now() });
    return {
      log,
      events,
      threads,
      session: () => session,
      poke: () => own.poke(),
      stop: () => own[Symbol.dispose](),
    };
  }

  [Symbol.dispose](): void {
    this.#scope.dispose();
  }
}
