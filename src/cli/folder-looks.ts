import type { Clock } from "../lib/clock.ts";
import type { Look, Repositories } from "../repository/repositories.ts";
import { cwdOf, type KnownSession } from "./session-view.ts";

/** Folders looked at together; the repositories take no more. */
const together = 4;
/** How long a folder is left alone in which nobody has written anything, ms. */
const restMs = 8000;

/** What a look at a folder came to, when it was (monotonic ms) and after which news. */
interface FolderLook {
  readonly look: Look;
  readonly at: number;
  readonly wroteAt: number;
}

/** What is known of the sessions' folders: looked at anew when a session there has written something. */
export class FolderLooks {
  readonly #repositories: Repositories;
  readonly #clock: Clock;
  readonly #looks = new Map<string, FolderLook>();

  constructor(repositories: Repositories, clock: Clock) {
    this.#repositories = repositories;
    this.#clock = clock;
  }

  /** Of the folder that a session works in, as of the last look. */
  of(known: KnownSession): Look | undefined {
    return this.#looks.get(cwdOf(known) ?? "")?.look;
  }

  /** Looks where there is news, and everywhere else from time to time. Never rejects. */
  async look(sessions: readonly KnownSession[]): Promise<void> {
    const now = this.#clock.monotonic();
    const wrote = newest(sessions);
    for (const folder of this.#looks.keys()) {
      if (!wrote.has(folder)) this.#looks.delete(folder);
    }
    const due = [...wrote].filter(([folder, wroteAt]) => {
      const last = this.#looks.get(folder);
      if (last === undefined || last.look.kind === "unknown") return true;
      return last.wroteAt !== wroteAt || now - last.at >= restMs;
    });
    for (let start = 0; start < due.length; start += together) {
      const part = due.slice(start, start + together).map(async ([folder, wroteAt]) => {
        const look = await this.#repositories.look(folder);
        this.#looks.set(folder, { look, at: now, wroteAt });
      });
      // oxlint-disable-next-line no-await-in-loop -- a few at a time, see `together`
      await Promise.all(part);
    }
  }

  /** The next look takes in every folder. */
  forget(): void {
    this.#looks.clear();
  }
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
