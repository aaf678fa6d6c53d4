import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { GitFiles } from "../../src/repository/git-files.ts";
import { openRepositories } from "../../src/repository/repositories.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { filesFor, makeHome, write } from "./folders.ts";

const home = makeHome();
afterAll(() => home[Symbol.dispose]());

test("HEAD is read again until it has kept its stamp for longer than a file system's tick", async () => {
  write(home.path, { "r/.git/HEAD": "ref: refs/heads/one\n", "r/.git/config": "" });
  const clock = new FakeClock();
  const real = filesFor([home.path]);
  let text = "ref: refs/heads/one\n";
  let stamp = "first";
  let reads = 0;
  const files: GitFiles = {
    ...real,
    async entry(path) {
      const entry = await real.entry(path);
      const isHead = path.endsWith("/HEAD") && entry.kind === "known";
      return isHead ? { kind: "known", value: { ...entry.value, stamp } } : entry;
    },
    text(path) {
      if (!path.endsWith("/HEAD")) return real.text(path);
      reads += 1;
      return Promise.resolve({ kind: "known", value: text });
    },
  };
  const repositories = openRepositories(files, clock, { deadlineMs: 5000 });
  const branch = async (): Promise<unknown> => {
    const answer = await repositories.look(join(home.path, "r"));
    const { look } = answer ?? {};
    return look !== undefined && look.kind !== "nothing" ? look.repository?.branch : look;
  };
  const name = (of: string) => ({ name: of, detached: false });
  expect(await branch()).toMatchObject(name("one"));
  // Within the same tick, so with the same stamp.
  text = "ref: refs/heads/two\n";
  clock.advance(1000);
  expect(await branch()).toMatchObject(name("two"));
  clock.advance(1);
  expect(await branch()).toMatchObject(name("two"));
  expect(reads).toBe(3);
  clock.advance(60_000);
  expect(await branch()).toMatchObject(name("two"));
  expect(reads).toBe(3);
  [text, stamp] = ["ref: refs/heads/six\n", "second"];
  expect(await branch()).toMatchObject(name("six"));
  expect(reads).toBe(4);
});
