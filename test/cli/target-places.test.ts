import { afterAll, expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lookAtFile, folderOn } from "../../src/cli/surroundings.ts";
import { TargetPlaces } from "../../src/cli/target-places.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type Knowledge, unknown } from "../../src/lib/knowledge.ts";
import type { FilePlace } from "../../src/presence/facts.ts";
import { RepositoryCaps } from "../../src/presence/repository-caps.ts";
import type { GitFiles } from "../../src/repository/git-files.ts";
import { openRepositories } from "../../src/repository/repositories.ts";
import { filesFor, makeHome, write } from "../repository/folders.ts";

const home = makeHome();
const at = (path: string): string => join(home.path, path);
const disk = filesFor([home.path]);
afterAll(() => home[Symbol.dispose]());

const head = "ref: refs/heads/main\n";
write(home.path, {
  "mono/.git/HEAD": head,
  "mono/.git/config": "",
  "mono/src/a.ts": "",
  "mono/secret/b.ts": "",
  "mono/secret/.codex-presence.json": '{ "level": "hidden" }',
  "mono/sub/.git/HEAD": head,
  "mono/sub/.git/config": "",
  "mono/sub/c.ts": "",
  "out/d.ts": "",
});
symlinkSync(at("out"), at("mono/link"));
symlinkSync(at("mono/secret/b.ts"), at("mono/src/b-link.ts"));

function open(folders: GitFiles, onChange = (): void => undefined): TargetPlaces {
  const clock = systemClock;
  const caps = new RepositoryCaps({
    homes: [home.path],
    look: (path, isReal) => lookAtFile(path, isReal, folders),
    folder: (path) => folderOn(path, folders),
    clock,
    onChange: () => undefined,
  });
  const repositories = openRepositories(folders, clock, { deadlineMs: 4000 });
  return new TargetPlaces({ folders, repositories, caps, clock, onChange });
}

async function placeOf(path: string, folders = disk): Promise<Knowledge<FilePlace>> {
  const looks = open(folders);
  const file = { cwd: at("mono"), path };
  const begun = systemClock.monotonic();
  await looks.freshen(file, begun);
  return looks.of(file, -Infinity);
}

test("a path of Windows in a session of Unix is no place in its folder", async () => {
  for (const path of [
    "C:\\out\\d.ts",
    "c:/out/d.ts",
    `${at("mono")}/C:/x.ts`,
    "\\\\nas\\d.ts",
    "..\\d.ts",
  ]) {
    expect(await placeOf(path)).toEqual(unknown("it is a path of Windows"));
  }
});

test.each([
  ["src/a.ts", "mono/src/a.ts", "mono", "nothing"],
  ["src/../src/a.ts", "mono/src/a.ts", "mono", "nothing"],
  ["secret/b.ts", "mono/secret/b.ts", "mono", "known"],
  ["src/b-link.ts", "mono/secret/b.ts", "mono", "known"],
  ["secret/new/deep/n.ts", "mono/secret/new/deep/n.ts", "mono", "known"],
  ["sub/c.ts", "mono/sub/c.ts", "mono/sub", "nothing"],
  ["src/new.ts", "mono/src/new.ts", "mono", "nothing"],
])(
  "%s is where its links lead, in the repository that is nearest",
  async (path, real, root, file) => {
    const place = await placeOf(path);
    expect(place).toMatchObject({
      kind: "known",
      value: {
        path: at(real),
        folder: { kind: "repository", place: { root: at(root) } },
        file: { kind: file },
      },
    });
  },
);

test("a link out of the repository leads to no repository", async () => {
  const place = await placeOf("link/d.ts");
  expect(place).toMatchObject({ kind: "known", value: { path: at("out/d.ts") } });
  expect(place.kind === "known" && place.value.folder.kind).not.toBe("repository");
});

test("a file that cannot be looked for has no place", async () => {
  const broken: GitFiles = { ...disk, follow: () => Promise.resolve(unknown("EACCES")) };
  expect((await placeOf("src/a.ts", broken)).kind).toBe("unknown");
  const silent: GitFiles = { ...disk, entry: () => Promise.resolve(unknown("no answer")) };
  expect((await placeOf("src/a.ts", silent)).kind).toBe("unknown");
  const throwing: GitFiles = { ...disk, follow: () => Promise.reject(new Error("EIO")) };
  expect((await placeOf("src/a.ts", throwing)).kind).toBe("unknown");
});

test("asking begins a look, whose answer is told; an older one does not count", async () => {
  let resolve = (): void => undefined;
  const looks = open(disk, () => resolve());
  const file = { cwd: at("mono"), path: "src/a.ts" };
  const told = new Promise<void>((done) => (resolve = done));
  expect(looks.of(file, 0).kind).toBe("unknown");
  await told;
  expect(looks.of(file, 0).kind).toBe("known");
  const later = systemClock.monotonic() + 60_000;
  expect(looks.of(file, later).kind).toBe("unknown");
});

test("a link that is turned is seen by the next look", async () => {
  mkdirSync(at("turn"));
  writeFileSync(at("turn/d.ts"), "");
  const looks = open(disk);
  const file = { cwd: at("mono"), path: "cur/d.ts" };
  symlinkSync(at("out"), at("mono/cur"));
  await looks.freshen(file, systemClock.monotonic());
  expect(looks.of(file, -Infinity)).toMatchObject({ value: { path: at("out/d.ts") } });
  rmSync(at("mono/cur"));
  symlinkSync(at("turn"), at("mono/cur"));
  await looks.freshen(file, systemClock.monotonic());
  expect(looks.of(file, -Infinity)).toMatchObject({ value: { path: at("turn/d.ts") } });
});
