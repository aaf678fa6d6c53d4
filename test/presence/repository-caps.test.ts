import { expect, test } from "bun:test";
import { type Knowledge, known, nothing, unknown } from "../../src/lib/knowledge.ts";
import { type CapLook, RepositoryCaps } from "../../src/presence/repository-caps.ts";
import { type FileLook, repositoryFileName } from "../../src/presence/repository-file.ts";
import type { Place, PlacesView } from "../../src/session/places.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const hides: FileLook = { kind: "text", text: '{"level":"hidden"}' };
const none: FileLook = { kind: "absent" };

function placesAt(cwd: string, real = cwd): PlacesView {
  const place = { realPath: real, root: real, mainWorktree: real };
  return { cwd, folder: { kind: "repository", place, remotes: [] } };
}

const read = (found: CapLook): string => {
  if (found === undefined) return "not looked at";
  if (found.kind === "nothing") return "none";
  return `${found.kind} ${found.cap?.level}`;
};

/** Files that answer when they are told to. */
class SlowDisk {
  readonly clock = new FakeClock();
  readonly waiting: ((look: FileLook) => void)[] = [];
  looks = 0;
  changes = 0;
  readonly caps = new RepositoryCaps({
    homes: ["/home/ann"],
    look: () => {
      this.looks += 1;
      return new Promise((resolve) => this.waiting.push(resolve));
    },
    folder: () => Promise.resolve(known({ device: 1 })),
    clock: this.clock,
    onChange: () => (this.changes += 1),
  });

  async answer(look: FileLook): Promise<void> {
    this.waiting.shift()?.(look);
    await settle();
  }

  /** By default of a session that has just done something. */
  level(cwd = "/w/app", wroteAt = this.clock.monotonic()): string {
    return read(this.caps.of(placesAt(cwd), wroteAt));
  }
}

test("unknown until the first answer, which is told; then asked again after a second", async () => {
  const disk = new SlowDisk();
  expect([disk.level(), disk.level()]).toEqual(["not looked at", "not looked at"]);
  expect(disk.looks).toBe(1);
  await disk.answer(hides);
  expect([disk.level(), disk.changes, disk.looks]).toEqual(["known hidden", 1, 1]);
  disk.clock.advance(1000);
  expect([disk.level(), disk.looks]).toEqual(["known hidden", 2]);
  await disk.answer(hides);
  expect(disk.changes).toBe(1);
  disk.clock.advance(1000);
  disk.level();
  await disk.answer(none);
  expect([disk.level(), disk.changes]).toEqual(["none", 2]);
});

test("of a session that does nothing asked again after eight seconds", async () => {
  const disk = new SlowDisk();
  disk.level("/w/app", 7);
  await disk.answer(none);
  disk.clock.advance(7999);
  expect([disk.level("/w/app", 7), disk.looks]).toEqual(["none", 1]);
  disk.clock.advance(1);
  disk.level("/w/app", 7);
  await disk.answer(hides);
  expect([disk.level("/w/app", 7), disk.looks]).toEqual(["known hidden", 2]);
  disk.clock.advance(1000);
  disk.level("/w/app", 8);
  expect(disk.looks).toBe(3);
});

test("a disk that answers no more: what it said last holds, each folder is asked once", async () => {
  const disk = new SlowDisk();
  disk.level();
  await disk.answer(hides);
  for (let at = 0; at < 100; at += 1) {
    disk.clock.advance(1000);
    expect(disk.level()).toBe("known hidden");
    expect(disk.level("/other")).toBe("not looked at");
  }
  expect(disk.waiting).toHaveLength(2);
});

test("however many folders there are, none is forgotten before it is told to be", async () => {
  const disk = new SlowDisk();
  for (let at = 0; at < 1000; at += 1) disk.level(`/w/${at}`);
  while (disk.waiting.length > 0) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await disk.answer(hides);
  }
  expect(disk.level("/w/0")).toBe("known hidden");
  disk.caps.keep(new Set(["/w/1"]));
  expect([disk.level("/w/0"), disk.level("/w/1")]).toEqual(["not looked at", "known hidden"]);
}, 20_000);

test("a card waits for a look that is new enough, but not for a disk that does not answer", async () => {
  const disk = new SlowDisk();
  const places = placesAt("/w/app");
  const now = disk.clock.monotonic();
  let waited = false;
  const first = disk.caps.freshen(places, now).then(() => (waited = true));
  await disk.answer(none);
  await first;
  expect(disk.caps.checkedAt(places)).toBe(now);
  await disk.caps.freshen(places, now);
  expect(disk.looks).toBe(1);

  disk.clock.advance(10);
  disk.level("/w/app");
  waited = false;
  const late = disk.caps.freshen(places, now + 10).then(() => (waited = true));
  disk.clock.advance(249);
  await settle();
  expect(waited).toBe(false);
  disk.clock.advance(1);
  await late;
  expect([disk.caps.checkedAt(places), disk.clock.pending]).toEqual([now, 0]);
});

test("a look that began too early is followed by another one", async () => {
  const disk = new SlowDisk();
  const places = placesAt("/w/app");
  disk.level();
  disk.clock.advance(10);
  const now = disk.clock.monotonic();
  const fresh = disk.caps.freshen(places, now);
  await disk.answer(none);
  await disk.answer(hides);
  await fresh;
  expect([disk.caps.checkedAt(places), disk.level()]).toEqual([now, "known hidden"]);
});

/** Files and folders that are there, or fail in some way. */
class Disk {
  readonly clock = new FakeClock();
  files: Record<string, FileLook> = {};
  folders: Record<string, Knowledge<{ device: number }>> = {};
  readonly caps = new RepositoryCaps({
    homes: [],
    look: (path) => Promise.resolve(this.files[path] ?? none),
    folder: (path) => Promise.resolve(this.folders[path] ?? known({ device: 1 })),
    clock: this.clock,
    onChange: () => undefined,
  });

  async at(places: PlacesView): Promise<string> {
    this.clock.advance(1000);
    await this.caps.freshen(places, this.clock.monotonic());
    return read(this.caps.of(places, 0));
  }
}

const file = `/w/app/${repositoryFileName}`;
const app = placesAt("/w/app");

test("a folder that hid itself stays hidden until it was looked at and has no such file", async () => {
  const disk = new Disk();
  disk.files[file] = hides;
  expect(await disk.at(app)).toBe("known hidden");
  disk.files = {};
  for (const fails of [nothing, unknown("EACCES"), unknown("its disk does not answer")]) {
    disk.folders["/w/app"] = fails;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await disk.at(app)).toBe("unknown hidden");
  }
  // An empty folder, where its disk was mounted.
  disk.folders["/w/app"] = known({ device: 2 });
  expect(await disk.at(app)).toBe("unknown hidden");
  disk.files[`/w/${repositoryFileName}`] = { kind: "text", text: '{"level":"project"}' };
  expect(await disk.at(app)).toBe("unknown hidden");
  disk.folders = {};
  disk.files = {};
  expect(await disk.at(app)).toBe("none");
});

test("what failing looks find adds up", async () => {
  const disk = new Disk();
  disk.files[file] = { kind: "text", text: '{"level":"project"}' };
  expect(await disk.at(app)).toBe("known project");
  disk.folders["/w/app"] = nothing;
  disk.files[file] = { kind: "text", text: '{"level":"private"}' };
  expect(await disk.at(app)).toBe("unknown private");
  disk.files = {};
  expect(await disk.at(app)).toBe("unknown private");
});

test("a folder that never was here has no such file; one that cannot be seen may have", async () => {
  const disk = new Disk();
  for (const path of ["/w", "/w/app"]) disk.folders[path] = nothing;
  expect(await disk.at(app)).toBe("none");
  disk.folders["/w/app"] = unknown("EACCES");
  expect(await disk.at(app)).toBe("unknown undefined");
  const lost = { kind: "unknown", reason: "EIO", places: [], remotes: [] } as const;
  expect(await disk.at({ cwd: "/lost", folder: lost })).toBe("unknown undefined");
  const long = `/${"d/".repeat(1_000_000)}`;
  expect(await disk.at({ cwd: long, folder: lost })).toBe("unknown undefined");
});

test("a folder that was deleted before the first look may have had such a file", async () => {
  const disk = new Disk();
  for (const path of ["/w", "/w/clients", "/w/clients/app"]) disk.folders[path] = nothing;
  const deleted = placesAt("/w/clients/app", "/w/clients/app");
  expect(await disk.at(deleted)).toBe("none");
  for (const above of [known({ device: 1 }), unknown("EACCES")]) {
    disk.folders["/w"] = above;
    expect(await disk.at(deleted)).toBe("unknown undefined");
  }
  disk.folders["/w/clients/app"] = known({ device: 1 });
  expect(await disk.at(deleted)).toBe("none");
  // Once it was seen without one, there was none.
  disk.folders["/w/clients/app"] = nothing;
  expect(await disk.at(deleted)).toBe("none");
});

test("a folder that leads elsewhere now was not looked at; a cap holds until it is", async () => {
  const disk = new Disk();
  const [one, two] = [placesAt("/w/link", "/w/one"), placesAt("/w/link", "/w/two")];
  expect(await disk.at(one)).toBe("none");
  expect([read(disk.caps.of(two, 0)), disk.caps.checkedAt(two)]).toEqual([
    "unknown undefined",
    -Infinity,
  ]);
  disk.files[`/w/two/${repositoryFileName}`] = hides;
  expect(await disk.at(two)).toBe("known hidden");
  expect(read(disk.caps.of(one, 0))).toBe("unknown hidden");
  expect(await disk.at(one)).toBe("none");
});

test("the main worktree's file counts, and one above a link by its name", async () => {
  const disk = new Disk();
  const place = { realPath: "/w/side", root: "/w/side", mainWorktree: "/w/main" };
  const side: PlacesView = {
    cwd: "/named/link/side",
    folder: { kind: "repository", place, remotes: [] },
  };
  expect(await disk.at(side)).toBe("none");
  for (const folder of ["/w/main", "/w/side", "/named/link", "/named"]) {
    disk.files = { [`${folder}/${repositoryFileName}`]: hides };
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect([folder, await disk.at(side)]).toEqual([folder, "known hidden"]);
  }
  disk.files = { [`/w/${repositoryFileName}`]: hides };
  expect(await disk.at(side)).toBe("none");
});

test("of what may be a linked worktree the main one's file is not known", async () => {
  const disk = new Disk();
  const places = [{ realPath: "/w/side" }];
  const folder = { kind: "unknown", reason: "EIO", places, remotes: [] } as const;
  expect(await disk.at({ cwd: "/w/side", folder })).toBe("none");
  const linked = { ...folder, mayBeLinked: true } as const;
  disk.clock.advance(10_000);
  expect(await disk.at({ cwd: "/w/other", folder: linked })).toBe("unknown undefined");
});

test("a repository that was here once is no reason to look no further up", async () => {
  const disk = new Disk();
  disk.files = { [`/w/${repositoryFileName}`]: hides };
  const before = { realPath: "/w/app/in", root: "/w/app", mainWorktree: "/w/app" };
  const lost = { kind: "unknown", reason: "gone", remotes: [] } as const;
  const at = (places: readonly Place[]) => ({ cwd: "/w/app/in", folder: { ...lost, places } });
  expect(await disk.at(at([before]))).toBe("none");
  expect(await disk.at(at([{ realPath: "/w/app/in" }, before]))).toBe("known hidden");
});

test("a lenient file does not count where another one may be, or that was not looked at", async () => {
  const disk = new Disk();
  disk.files[file] = { kind: "text", text: '{"level":"full"}' };
  expect(await disk.at(app)).toBe("known full");
  expect(read(disk.caps.of(placesAt("/w/app", "/w/two"), 0))).toBe("unknown private");
  disk.folders["/w/app"] = unknown("EACCES");
  expect(await disk.at(app)).toBe("unknown private");
});
