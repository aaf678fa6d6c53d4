import { expect, test } from "bun:test";
import { defaultConfig, type Config } from "../../src/config/schema.ts";
import { known, type Knowledge, nothing, unknown } from "../../src/lib/knowledge.ts";
import { composeCard } from "../../src/presence/compose.ts";
import { RealPaths } from "../../src/presence/real-paths.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { now, person, session } from "./facts.ts";

type Followed = Knowledge<{ readonly path: string; readonly isWhole: boolean }>;
const leads = (path: string, isWhole = true): Followed => known({ path, isWhole });

/** A disk that answers when it is told to. */
class Disk {
  readonly #asked = new Map<string, (found: Followed) => void>();
  readonly clock = new FakeClock();
  changes = 0;
  readonly paths = new RealPaths({
    follow: (path) => new Promise((resolve) => this.#asked.set(path, resolve)),
    clock: this.clock,
    onChange: () => (this.changes += 1),
  });

  get asked(): readonly string[] {
    return [...this.#asked.keys()].toSorted();
  }

  async answer(path: string, found: Followed): Promise<void> {
    this.#asked.get(path)?.(found);
    this.#asked.delete(path);
    await settle();
  }

  /** As a card does that needs the answer. */
  async again(path: string, found: Followed): Promise<Knowledge<readonly string[]>> {
    this.clock.advance(1);
    const fresh = this.paths.freshen(this.clock.monotonic());
    await this.answer(path, found);
    await fresh;
    return this.paths.of(path);
  }
}

const unseen = unknown("was not looked at yet");

test("a path is unknown until its disk answers, and looked at once", async () => {
  const disk = new Disk();
  expect([disk.paths.of("/a"), disk.paths.of("/a")]).toEqual([unseen, unseen]);
  expect([disk.asked, disk.paths.isFresh(0)]).toEqual([["/a"], false]);
  await disk.answer("/a", leads("/data/a"));
  expect(disk.paths.of("/a")).toEqual(known(["/data/a"]));
  expect([disk.asked, disk.changes, disk.paths.version]).toEqual([[], 1, 1]);
  expect(disk.paths.isFresh(disk.clock.monotonic())).toBe(true);
  expect(disk.paths.isFresh(disk.clock.monotonic() + 1)).toBe(false);
});

test("it is looked at again for a card, and a link that is turned leads where it leads now", async () => {
  const disk = new Disk();
  disk.paths.of("/a");
  await disk.answer("/a", leads("/a"));
  expect(disk.paths.of("/a")).toEqual(nothing);
  expect(await disk.again("/a", leads("/one"))).toEqual(known(["/one"]));
  expect(await disk.again("/a", leads("/two"))).toEqual(known(["/two"]));
  const [version, changes] = [disk.paths.version, disk.changes];
  expect(await disk.again("/a", leads("/two"))).toEqual(known(["/two"]));
  expect([disk.paths.version, disk.changes]).toEqual([version, changes]);
  expect(disk.paths.isFresh(disk.clock.monotonic())).toBe(true);
  await disk.paths.freshen(disk.clock.monotonic());
  expect(disk.asked).toEqual([]);
});

test("a path that is gone leads on to where it led, until it leads elsewhere", async () => {
  const disk = new Disk();
  disk.paths.of("/a/x");
  await disk.answer("/a/x", leads("/one/x"));
  expect(await disk.again("/a/x", leads("/a/x", false))).toEqual(known(["/one/x"]));
  expect(await disk.again("/a/x", leads("/two/x", false))).toEqual(known(["/two/x", "/one/x"]));
  expect(await disk.again("/a/x", leads("/a/x"))).toEqual(nothing);
});

test("a look that fails leaves it unknown: then the rule may hold anywhere", async () => {
  const disk = new Disk();
  disk.paths.of("/a");
  await disk.answer("/a", leads("/one"));
  const failed = unknown("cannot be looked at: EACCES");
  expect(await disk.again("/a", unknown("EACCES"))).toEqual(failed);
  expect(await disk.again("/a", leads("/one"))).toEqual(known(["/one"]));
  const clock = new FakeClock();
  const follow = () => Promise.reject(new Error("no"));
  const broken = new RealPaths({ follow, clock, onChange: () => undefined });
  broken.of("/a");
  await settle();
  expect(broken.of("/a")).toEqual(unknown("cannot be looked at"));
});

test("a disk that does not answer holds up only the looks at it; the rest are told together", async () => {
  const disk = new Disk();
  for (const path of ["/gone", "/a", "/b"]) disk.paths.of(path);
  expect(disk.asked).toEqual(["/a", "/b", "/gone"]);
  await disk.answer("/a", leads("/a"));
  await disk.answer("/b", leads("/data/b"));
  expect(["/gone", "/a", "/b"].map((path) => disk.paths.of(path))).toEqual([
    unseen,
    nothing,
    known(["/data/b"]),
  ]);
  await disk.answer("/gone", unknown("its disk does not answer"));
  expect(disk.changes).toBe(1);
});

test("paths that no rule names any more are not looked at", async () => {
  const disk = new Disk();
  for (const path of ["/a", "/b"]) disk.paths.of(path);
  await disk.answer("/a", leads("/a"));
  await disk.answer("/b", leads("/b"));
  const { version } = disk.paths;
  disk.paths.forget();
  expect(disk.paths.version).not.toBe(version);
  disk.paths.of("/b");
  disk.clock.advance(10_000);
  void disk.paths.freshen(disk.clock.monotonic());
  expect(disk.asked).toEqual(["/b"]);
});

test("of very many paths each is looked at, few at once", async () => {
  let [running, most, looks] = [0, 0, 0];
  const follow = async (path: string): Promise<Followed> => {
    running += 1;
    looks += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return leads(`/data${path}`);
  };
  const clock = new FakeClock();
  const paths = new RealPaths({ follow, clock, onChange: () => undefined });
  for (let i = 0; i < 20_000; i += 1) paths.of(`/${i}`);
  await paths.freshen(clock.monotonic());
  expect([looks, most]).toEqual([20_000, 32]);
  expect(paths.of("/19999")).toEqual(known(["/data/19999"]));
  expect(paths.of("/0")).toEqual(known(["/data/0"]));
});

test("no card while a rule that hides may hold, then as the disk says, each time", async () => {
  const disk = new Disk();
  const { privacy } = defaultConfig;
  const rules = [{ path: "/gone/**", level: "hidden" }] as const;
  const config: Config = { ...defaultConfig, privacy: { ...privacy, rules: [...rules] } };
  const someone = { ...person, links: disk.paths };
  const composed = () =>
    composeCard({ sessions: [session], config, person: someone, now, moment: now });
  expect(composed().card).toBeUndefined();
  expect(composed().why).toContain("rule 1 (path /gone/** was not looked at yet): hidden");
  await disk.answer("/gone", leads("/gone"));
  expect(composed().card).toBeDefined();
  await disk.again("/gone", leads("/home/ann/work"));
  expect(composed().card).toBeUndefined();
  await disk.again("/gone", leads("/elsewhere"));
  expect(composed().card).toBeDefined();
});
