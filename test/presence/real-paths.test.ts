import { expect, test } from "bun:test";
import { defaultConfig, type Config } from "../../src/config/schema.ts";
import { composeCard } from "../../src/presence/compose.ts";
import { RealPaths } from "../../src/presence/real-paths.ts";
import { settle } from "../support/fake-clock.ts";
import { now, person, session } from "./facts.ts";

/** A disk that answers when it is told to. */
class Disk {
  readonly #asked = new Map<string, (real: string | undefined) => void>();
  changes = 0;
  readonly paths = new RealPaths({
    real: (path) => new Promise((resolve) => this.#asked.set(path, resolve)),
    onChange: () => (this.changes += 1),
  });

  get asked(): readonly string[] {
    return [...this.#asked.keys()];
  }

  async answer(path: string, real: string | undefined): Promise<void> {
    this.#asked.get(path)?.(real);
    await settle();
  }
}

test("a path is unknown until its disk answers, and looked at once", async () => {
  const disk = new Disk();
  expect([disk.paths.of("/a"), disk.paths.of("/a")]).toEqual([undefined, undefined]);
  await disk.answer("/a", "/data/a");
  expect(disk.paths.of("/a")).toEqual({ path: "/data/a" });
  expect([disk.asked, disk.changes]).toEqual([["/a"], 1]);
});

test("a disk that does not answer holds one look; the others go on, and are told together", async () => {
  const disk = new Disk();
  for (const path of ["/gone", "/a", "/b", "/c"]) disk.paths.of(path);
  expect(disk.asked).toEqual(["/gone", "/a"]);
  await disk.answer("/a", "/a");
  await disk.answer("/b", "/data/b");
  expect(disk.changes).toBe(1);
  await disk.answer("/c", undefined);
  expect(["/gone", "/a", "/b", "/c"].map((path) => disk.paths.of(path))).toEqual([
    undefined,
    { path: "/a" },
    { path: "/data/b" },
    { path: undefined },
  ]);
  expect(disk.changes).toBe(2);
});

test("a look that fails leaves the name as it is", async () => {
  let told = 0;
  const real = () => Promise.reject(new Error("no"));
  const paths = new RealPaths({ real, onChange: () => (told += 1) });
  paths.of("/a");
  await settle();
  expect([paths.of("/a"), told]).toEqual([{ path: undefined }, 1]);
});

test("no card while a rule that hides may hold, then as the disk says", async () => {
  const disk = new Disk();
  const { privacy } = defaultConfig;
  const rules = [{ path: "/gone/**", level: "hidden" }] as const;
  const config: Config = { ...defaultConfig, privacy: { ...privacy, rules: [...rules] } };
  const someone = { ...person, real: (path: string) => disk.paths.of(path) };
  const composed = () => composeCard({ sessions: [session], config, person: someone, now });
  expect(composed().card).toBeUndefined();
  expect(composed().why).toContain("rule 1 (path /gone/** was not looked at yet): hidden");
  await disk.answer("/gone", "/gone");
  expect(composed().card).toBeDefined();
});
