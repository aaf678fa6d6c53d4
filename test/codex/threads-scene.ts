import { basename } from "node:path";
import { openThreads, type Threads } from "../../src/codex/threads.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { Session } from "../../src/session/session.ts";
import { openFiles, type Files } from "../../src/tail/files.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { SimulatedHome, type SimulatedThread } from "./simulated-codex.ts";

/** The threads of a simulated home, with locks that are held as the test says. */
export class ThreadsScene implements Disposable {
  readonly home = new SimulatedHome();
  readonly files: Files = openFiles(systemClock, silentLog);
  readonly clock = new FakeClock({ wall: Date.now() });
  readonly held = new Set<string>();
  readonly threads: Threads = openThreads({
    home: this.home.path,
    disk: this.files,
    clock: this.clock,
    log: silentLog,
    probe: (path) => (this.held.has(basename(path, ".lock")) ? "held" : "free"),
    onChange: () => undefined,
  });

  live(): string[] {
    const all = this.threads.all().filter(({ over }) => !over);
    return all.map(({ id }) => id);
  }

  sessionOf(thread: SimulatedThread): Session | undefined {
    return this.threads.all().find(({ id }) => id === thread.id)?.session;
  }

  hold(thread: SimulatedThread): void {
    thread.lock();
    this.held.add(thread.id);
  }

  [Symbol.dispose](): void {
    this.threads[Symbol.dispose]();
    this.files[Symbol.dispose]();
    this.home[Symbol.dispose]();
  }
}
