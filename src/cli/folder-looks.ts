import type { Clock } from "../lib/clock.ts";
import { unknown } from "../lib/knowledge.ts";
import type { Inspection, Look, Repositories } from "../repository/repositories.ts";
import { cwdOf, type KnownSession } from "./session-view.ts";

/** How long a folder is left alone in which no session has written anything, ms. */
const restMs = 8000;

/** How long a list waits for a look at a folder of which something is known, ms. */
const patienceMs = 10;

/** What is known of a folder. */
export interface FolderState {
  readonly look: Look;
  /** Where that is unknown: the looks before it, back to the last one that succeeded. */
  readonly before: readonly Look[];
}

/** With the moment at which the look began (monotonic ms), and after which news. */
interface FolderLook extends FolderState {
  readonly at: number;
  readonly wroteAt: number;
}

/** What is known of the sessions' folders: looked at again when a session there has written something. */
export class FolderLooks {
  readonly #repositories: Repositories;
  readonly #clock: Clock;
  readonly #looks = new Map<string, FolderLook>();
  #forgotAt = -Infinity;

  readonly #onChange: () => void;

  /** @param onChange a look for which `look` did not wait came to something else */
  constructor(repositories: Repositories, clock: Clock, onChange: () => void) {
    this.#repositories = repositories;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Of the folder that a session works in; `undefined` before the first look was answered. */
  of(known: KnownSession): FolderState | undefined {
    return this.#looks.get(cwdOf(known) ?? "");
  }

  /** When the last look that was answered began, monotonic ms. */
  checkedAt(folder: string): number {
    return this.#looks.get(folder)?.at ?? -Infinity;
  }

  /**
   * Looks where there is news, and everywhere else from time to time. Never rejects.
   *
   * @param notBefore folders whose last look must not be older, by monotonic ms
   */
  async look(
    sessions: readonly KnownSession[],
    notBefore: ReadonlyMap<string, number> = new Map(),
  ): Promise<void> {
    const now = this.#clock.monotonic();
    const wrote = newest(sessions);
    for (const folder of this.#looks.keys()) {
      if (!wrote.has(folder)) this.#looks.delete(folder);
    }
    this.#repositories.keep(new Set(wrote.keys()));
    const due = [...wrote].filter(([folder, wroteAt]) => {
      const last = this.#looks.get(folder);
      if (last === undefined || last.at < this.#forgotAt) return true;
      if (last.at < (notBefore.get(folder) ?? -Infinity)) return true;
      return last.wroteAt !== wroteAt || now - last.at >= restMs;
    });
    await Promise.all(
      due.map(([folder, wroteAt]) => {
        const last = this.#looks.get(folder);
        const mustWait = last === undefined || last.at < this.#forgotAt || notBefore.has(folder);
        return mustWait ? this.#lookAt(folder, wroteAt) : this.#lookSoon(folder, wroteAt);
      }),
    );
  }

  /** The next look takes in every folder. */
  forget(): void {
    this.#forgotAt = this.#clock.monotonic();
  }

  /** What is known serves meanwhile, where the disk or the machine takes its time. */
  #lookSoon(folder: string, wroteAt: number): Promise<void> {
    const before = this.#looks.get(folder)?.look;
    const { promise, resolve } = Promise.withResolvers<void>();
    let isLate = false;
    const timer = this.#clock.after(patienceMs, () => {
      isLate = true;
      resolve();
    });
    void this.#lookAt(folder, wroteAt).then(() => {
      timer[Symbol.dispose]();
      if (isLate && this.#looks.get(folder)?.look !== before) this.#onChange();
      resolve();
    });
    return promise;
  }

  async #lookAt(folder: string, wroteAt: number): Promise<void> {
    const answer = await this.#repositories.look(folder, (late) => {
      const before = this.#looks.get(folder)?.look;
      this.#take(folder, late, wroteAt);
      if (this.#looks.get(folder)?.look !== before) this.#onChange();
    });
    if (answer !== undefined) this.#take(folder, answer, wroteAt);
  }

  #take(folder: string, { look, at }: Inspection, wroteAt: number): void {
    this.#looks.set(folder, { ...merged(look, this.#looks.get(folder)), at, wroteAt });
  }
}

/** What was seen before a look that failed counts on: a folder that is gone does not show itself. */
function merged(look: Look, last: FolderState | undefined): FolderState {
  if (last === undefined) return { look, before: [] };
  const earlier = [...last.before, last.look];
  const known = earlier.find(({ kind }) => kind === "repository");
  if (look.kind === "nothing" && known?.kind === "repository" && known.device !== look.device) {
    const reason = "another disk is in its place";
    return {
      look: { ...unknown(reason), path: look.path, repository: undefined },
      before: [known],
    };
  }
  if (look.kind !== "unknown") return { look, before: [] };
  if (look === last.look) return { look, before: last.before };
  // Its place is known, so only what was known of all of it last may still count.
  if (look.repository !== undefined) return { look, before: known === undefined ? [] : [known] };
  return { look, before: earlier.filter((each) => !Bun.deepEquals(each, look)) };
}

/** The folders, and when a session there last wrote something (ms since the epoch, 0: never). */
function newest(sessions: readonly KnownSession[]): ReadonlyMap<string, number> {
  const wrote = new Map<string, number>();
  for (const known of sessions) {
    const folder = cwdOf(known);
    if (folder === undefined) continue;
    wrote.set(folder, Math.max(wrote.get(folder) ?? 0, known.session.updatedAt ?? 0));
  }
  return wrote;
}
