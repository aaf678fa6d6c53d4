import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cast, type Role, stretch } from "./cast.ts";
import { type CodexFiles, openCodexFiles } from "./codex-files.ts";
import type { DemoHome } from "./home.ts";
import { type Act, callOf, headItems, outputOf } from "./rollout-items.ts";
import { tokenCount, turnEnded, turnStarted } from "./rollout-items.ts";

const minuteMs = 60_000;
/** Between two responses that are counted, however many calls are shown meanwhile. */
const responseMs = 20_000;

/**
 * Invented sessions in the demo's home: their rollouts with what they did during the last hour,
 * and from now on, `speed` times as fast as told in `cast`, whatever they do until disposed.
 */
export function openSessions(
  home: DemoHome,
  speed: number,
  now: number,
  roles: readonly Role[] = cast,
): Disposable {
  const release = new DisposableStack();
  // The first one does something last, so it leads.
  for (const role of roles.toReversed()) {
    const cwd = openProject(home, role);
    const createdAt = now - role.age * minuteMs;
    const files = release.use(
      openCodexFiles(
        { CODEX_HOME: home.codexHome },
        {
          thread: Bun.randomUUIDv7("hex", createdAt),
          turn: "",
          client: "",
          cwd,
          created: new Date(createdAt).toISOString(),
        },
      ),
    );
    const life = new Life(role, files, now);
    life.remember(createdAt, now - role.quiet * minuteMs);
    if (role.quiet === 0) release.use(goOn(life, role, speed));
  }
  return release;
}

/** The folder of an invented project, as git would have made it. */
function openProject({ folderOf }: DemoHome, { project, branch }: Role): string {
  const cwd = folderOf(project);
  const git = join(cwd, ".git");
  for (const folder of ["objects", "refs"]) mkdirSync(join(git, folder), { recursive: true });
  writeFileSync(join(git, "HEAD"), `ref: refs/heads/${branch}\n`);
  return cwd;
}

/** From one act to the next by the clock. */
function goOn(life: Life, { round }: Role, speed: number): Disposable {
  let timer: Timer | undefined;
  const next = (i: number): void => {
    const [seconds, act] = round[i % round.length] ?? [60, "rest"];
    life.act(act, Date.now());
    timer = setTimeout(() => next(i + 1), (seconds * 1000) / speed);
  };
  next(0);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** One session and its rollout. */
class Life {
  readonly #role: Role;
  readonly #files: CodexFiles;
  readonly #now: number;
  #acts = 0;
  #total = 0;
  #countedAt = -Infinity;
  #turn: string | undefined;
  #open: { readonly act: Act; readonly call: string } | undefined;

  constructor(role: Role, files: CodexFiles, now: number) {
    this.#role = role;
    this.#files = files;
    this.#now = now;
  }

  /** Writes what it did from a moment to another, in ms since the epoch; at rest or at work then. */
  remember(from: number, to: number): void {
    const { round, quiet } = this.#role;
    this.#files.rollout(headItems(this.#role), from);
    let at = from;
    for (let i = 0; at < to; i++) {
      const [seconds, act] = round[i % round.length] ?? [60, "rest"];
      this.act(act, at);
      // No two rounds are alike, but they are the same in each demo.
      at += seconds * 1000 * stretch * (0.6 + Math.abs(Math.sin(i * 1.7)));
    }
    if (quiet > 0) this.act("rest", to);
  }

  /** Ends what it did and does this from now on. */
  act(act: Act, now: number): void {
    const items = [];
    const open = this.#open;
    if (open !== undefined) items.push(outputOf(open.act, open.call));
    if (this.#turn !== undefined && now - this.#countedAt >= responseMs) {
      items.push(this.#spent(now));
      this.#countedAt = now;
    }
    this.#open = undefined;
    if (act === "rest") {
      if (this.#turn !== undefined) items.push(turnEnded(this.#turn));
      this.#turn = undefined;
    } else {
      if (this.#turn === undefined) items.push(turnStarted((this.#turn = crypto.randomUUID())));
      const call = `call_${this.#acts}`;
      const item = callOf(act, call);
      if (item !== undefined) {
        items.push(item);
        this.#open = { act, call };
      }
    }
    this.#acts++;
    if (items.length > 0) this.#files.rollout(items, now);
  }

  /** A response, whose context has grown evenly so far. */
  #spent(now: number) {
    const { context, age, limits } = this.#role;
    const [from, to] = context;
    const share = 1 - Math.max(0, this.#now - now) / (age * minuteMs);
    const last = Math.round(from + (to - from) * share);
    this.#total += last;
    return tokenCount({ last, total: this.#total }, limits);
  }
}
