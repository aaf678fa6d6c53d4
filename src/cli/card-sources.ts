import { homedir } from "node:os";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../lib/clock.ts";
import type { Composed, Person } from "../presence/compose.ts";
import type { CardFacts } from "../presence/facts.ts";
import { RealPaths } from "../presence/real-paths.ts";
import { RepositoryCaps } from "../presence/repository-caps.ts";
import type { GitFiles } from "../repository/git-files.ts";
import { openGitProgram } from "../repository/git-program.ts";
import { openRepositories, type RepositoriesOptions } from "../repository/repositories.ts";
import { FirstSeen } from "../session/first-seen.ts";
import { leaderFirst, type SessionList, type SessionView } from "../session/session-view.ts";
import { homeFolders } from "./account.ts";
import { FactsKeeper, fileOf } from "./card-facts.ts";
import { PersonHere } from "./person-here.ts";
import type { SessionWatch } from "./session-watch.ts";
import { followRule, folderOn, lookAtFile, openFolders } from "./surroundings.ts";
import { TargetPlaces } from "./target-places.ts";
import { wantedRemotes } from "./wanted-remotes.ts";

export interface CardSourcesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: () => Config;
  readonly clock: Clock;
  readonly watch: () => Pick<SessionWatch, "freshen" | "checkedAt">;
  /** Sessions as they are known by now. */
  readonly list: () => SessionList;
  /** A look came to something else than the one before. */
  readonly onChange: () => void;
  /** This process has just started a Codex, which wants the processor for itself. */
  readonly startsCodex?: boolean;
}

/** By then Codex has shown its first frame, ms. */
const startMs = 250;

/** How old a look may be for a card that can name no file, and where nothing happens, ms. */
const freshMs = 900;
const restMs = 8000;
/** How long a card waits for the links in rules, ms. */
const lateMs = 250;

/** All that is looked at on disks for a card, and how old it may be. Looks only when it is asked to. */
export class CardSources implements Disposable {
  /** For the sessions' folders. */
  readonly folders: GitFiles;
  /** For their repositories. */
  readonly remotes: NonNullable<RepositoriesOptions["remotes"]>;
  readonly #person: PersonHere;
  readonly #facts: FactsKeeper;
  readonly #seen = new FirstSeen();
  readonly #options: CardSourcesOptions;
  readonly #paths: RealPaths;
  readonly #caps: RepositoryCaps;
  readonly #files: TargetPlaces;

  constructor(options: CardSourcesOptions) {
    const { env, clock, watch, onChange, startsCodex } = options;
    const afterMs = startsCodex === true ? startMs : 0;
    const git = openGitProgram({ env, clock });
    this.#options = options;
    const homes = homeFolders();
    const folders = openFolders(homes);
    this.folders = folders;
    this.remotes = wantedRemotes({
      ...options,
      git,
      files: folders,
      onPeople: (names) => this.#person.add(names),
    });
    const follow = (path: string) => followRule(path, folders);
    this.#paths = new RealPaths({ follow, clock, onChange });
    const person = { home: homedir(), homes, links: this.#paths };
    this.#person = new PersonHere({ env, clock, git, person, onChange, afterMs });
    const openCaps = (): RepositoryCaps =>
      new RepositoryCaps({
        homes,
        look: (path, isReal) => lookAtFile(path, isReal, folders),
        folder: (path) => folderOn(path, folders),
        clock,
        onChange,
      });
    this.#caps = openCaps();
    const repositories = openRepositories(folders, clock, { remotes: this.remotes });
    this.#files = new TargetPlaces({ folders, repositories, caps: openCaps(), clock, onChange });
    const checkedAt = (cwd: string) => watch().checkedAt(cwd);
    this.#facts = new FactsKeeper({ caps: this.#caps, files: this.#files, checkedAt, clock });
  }

  get person(): Person {
    return this.#person.current;
  }

  /** The person's names are not known yet, and no card is to go before them. */
  get isWaiting(): boolean {
    return this.#person.isWaiting;
  }

  [Symbol.dispose](): void {
    this.#person[Symbol.dispose]();
  }

  /** What the sessions could put on a card, in the order in which they may be shown. */
  factsOf(list: SessionList): readonly CardFacts[] {
    const now = this.#options.clock.monotonic();
    this.#seen.note(list.sessions.map(runOf), now);
    this.#facts.note(list.sessions);
    return leaderFirst(list).map((session) =>
      this.#facts.of(session, list.limits, this.#seen.of(runOf(session)) ?? now),
    );
  }

  /**
   * The sessions in a card of which the last look is too old; `undefined` where it was made from looks
   * that are all new enough.
   *
   * @param newsAt since when what it says is known, monotonic ms
   */
  staleIn(composed: Composed, newsAt: number): readonly SessionView[] | undefined {
    return this.oldIn(composed, composed.namesFiles === true ? newsAt : newsAt - freshMs);
  }

  /** The sessions in a card of which the last look is older, by monotonic ms; `undefined` for none. */
  oldIn(composed: Composed, notBefore: number): readonly SessionView[] | undefined {
    const namesFiles = composed.namesFiles === true;
    const used = this.usedIn(composed);
    const stale = used.filter((session) => this.#facts.isStale(session, notBefore, namesFiles));
    const isUsable = used.length === 0 || (stale.length === 0 && this.#paths.isFresh(notBefore));
    return isUsable ? undefined : stale;
  }

  /** The sessions that a card is made of. */
  usedIn({ card, shown }: Composed): readonly SessionView[] {
    if (card === undefined) return [];
    const sessions = leaderFirst(this.#options.list());
    return shown === undefined ? sessions : sessions.slice(shown, shown + 1);
  }

  /** Looks again for these sessions and all rules; waits for a disk as long as one look may take. */
  async freshen(stale: readonly SessionView[]): Promise<void> {
    const { clock } = this.#options;
    const now = clock.monotonic();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    using _ = clock.after(lateMs, resolve);
    const rules = Promise.race([this.#paths.freshen(now), late]);
    await Promise.all([this.#freshenPlaces(stale, now), rules]);
  }

  /** Nothing happened for a while: what is shown is looked at all the same. */
  rest(): void {
    const { clock, list } = this.#options;
    const { sessions } = list();
    for (const session of sessions) this.#facts.lookAt(session);
    const files = sessions.flatMap((session) => fileOf(session) ?? []);
    this.#files.keep(files);
    for (const file of files) void this.#files.freshen(file, clock.monotonic() - restMs);
    this.#caps.keep(new Set(sessions.flatMap(({ places }) => places?.cwd ?? [])));
    void this.#paths.freshen(clock.monotonic() - restMs);
  }

  /** The config is another, and so may the paths in its rules be. */
  forgetRules(): void {
    this.#paths.forget();
  }

  async #freshenPlaces(stale: readonly SessionView[], now: number): Promise<void> {
    const { watch, list } = this.#options;
    const folders = stale.flatMap(({ places }) => places?.cwd ?? []);
    await Promise.all([
      watch().freshen(new Map(folders.map((cwd) => [cwd, now]))),
      // Mostly the folders are where they were.
      ...stale.flatMap(({ places }) => (places ? [this.#caps.freshen(places, now)] : [])),
    ]);
    const ids = new Set(stale.map(({ id }) => id));
    // As the folders are now.
    const sessions = list().sessions.filter(({ id }) => ids.has(id));
    const places = sessions.flatMap((session) => session.places ?? []);
    const files = sessions.flatMap((session) => fileOf(session) ?? []);
    await Promise.all([
      ...places.map((each) => this.#caps.freshen(each, now)),
      ...files.map((file) => this.#files.freshen(file, now)),
    ]);
  }
}

/** A session of another wrapper is the same one before and after it has a thread. */
function runOf({ id, evidence, startedAt }: SessionView): string {
  return evidence === "wrapper" ? `run ${startedAt}` : id;
}
