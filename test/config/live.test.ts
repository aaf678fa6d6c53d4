import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { configName } from "../../src/config/file.ts";
import { type LiveConfig, openConfig } from "../../src/config/live.ts";
import type { LoadedConfig } from "../../src/config/load.ts";
import { defaultConfig } from "../../src/config/schema.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openWatcher } from "../../src/tail/watch.ts";
import { waitFor } from "../support/wait-for.ts";

const scratch = join(import.meta.dir, "../../.scratch");
const parts = { clock: systemClock, log: silentLog };
/** Within a second, says the promise; the rest is for a busy machine. */
const deadlineMs = 3000;

let home: string;
let file: string;
let opened: DisposableStack;
let seen: LoadedConfig[];

beforeAll(() => void mkdirSync(scratch, { recursive: true }));
beforeEach(() => {
  home = mkdtempSync(join(scratch, "live-"));
  file = join(home, configName);
  opened = new DisposableStack();
  opened.defer(() => rmSync(home, { recursive: true, force: true }));
  seen = [];
});
afterEach(() => opened.dispose());

/** The first answer of the disk is not counted. `blind`: the system tells of no changes. */
async function open({ blind = false } = {}): Promise<LiveConfig> {
  const watcher = opened.use(openWatcher(parts));
  const deaf = { [Symbol.dispose]: () => undefined };
  const watch: typeof watcher.watch = (path, onChange) =>
    blind ? deaf : watcher.watch(path, onChange);
  const live = opened.use(
    openConfig({ home, watch, ...parts, onChange: (loaded) => void seen.push(loaded) }),
  );
  await waitFor("an answer", () => live.current.source !== "pending");
  seen = [];
  return live;
}

const level = (name: string) => JSON.stringify({ privacy: { level: name } });
function save(text: string, path = file): void {
  writeFileSync(`${path}.draft`, text);
  renameSync(`${path}.draft`, path);
}
const becomes = (live: LiveConfig, name: string) =>
  waitFor(name, () => live.current.config.privacy.level === name, deadlineMs);

test.each([
  ["with notices", false],
  ["without notices", true],
])("%s: saved in place, by renaming, deleted, and made again", async (_, blind) => {
  const live = await open({ blind });
  expect(live.current).toMatchObject({ source: "absent", config: defaultConfig });
  writeFileSync(file, level("full"));
  await becomes(live, "full");
  save(level("project"));
  await becomes(live, "project");
  save(level("hidden"));
  await becomes(live, "hidden");
  unlinkSync(file);
  await waitFor("the defaults", () => live.current.source === "absent", deadlineMs);
  expect(live.current.config).toEqual(defaultConfig);
  writeFileSync(file, level("full"));
  await becomes(live, "full");
  expect(seen.map(({ config }) => config.privacy.level)).toEqual([
    "full",
    "project",
    "hidden",
    "private",
    "full",
  ]);
});

test("while it is broken what it said before counts, with the problem", async () => {
  writeFileSync(file, level("project"));
  const live = await open();
  writeFileSync(file, "{ broken");
  await waitFor("the problem", () => live.current.problems.length > 0, deadlineMs);
  expect(live.current).toMatchObject({
    source: "unreadable",
    config: { privacy: { level: "project" } },
  });
  expect(live.current.problems[0]).toContain("what it said before counts until it is fixed");
  save(level("hidden"));
  await becomes(live, "hidden");
  expect(live.current.problems).toEqual([]);
  expect(seen).toHaveLength(2);
});

test("broken from the start: the defaults, until it is mended", async () => {
  writeFileSync(file, "{");
  const live = await open();
  expect(live.current).toMatchObject({ source: "unreadable", config: defaultConfig });
  writeFileSync(file, level("full"));
  await becomes(live, "full");
});

test("through links: what they lead to changes, is replaced, or they lead elsewhere", async () => {
  const dotfiles = join(home, "dotfiles");
  mkdirSync(dotfiles);
  const [one, two] = [join(dotfiles, "one.json"), join(dotfiles, "two.json")];
  writeFileSync(one, level("full"));
  writeFileSync(two, level("hidden"));
  symlinkSync(one, file);
  const live = await open();
  expect(live.current.config.privacy.level).toBe("full");
  writeFileSync(one, level("project"));
  await becomes(live, "project");
  save(level("full"), one);
  await becomes(live, "full");
  symlinkSync(two, `${file}.draft`);
  renameSync(`${file}.draft`, file);
  await becomes(live, "hidden");
  save(level("project"), two);
  await becomes(live, "project");
});

test("whoever is told may fail", async () => {
  const watcher = opened.use(openWatcher(parts));
  const live = opened.use(
    openConfig({
      home,
      watch: (path, onChange) => watcher.watch(path, onChange),
      ...parts,
      onChange: () => {
        throw new Error("no");
      },
    }),
  );
  save(level("full"));
  await becomes(live, "full");
  save(level("project"));
  await becomes(live, "project");
});
