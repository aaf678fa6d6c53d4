import { afterAll, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { silentLog } from "../../src/lib/log.ts";
import { openTail, type TailOptions } from "../../src/tail/tail.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "tail-"));
afterAll(() => rmSync(root, { recursive: true }));

let path = "";
let files = 0;
beforeEach(() => {
  files += 1;
  path = join(root, `file-${files}`);
});

function follow(from: TailOptions["from"], file: string | number = path) {
  const seen: string[] = [];
  const tail = openTail({
    file,
    from,
    log: silentLog,
    onLine: (line, whole) => seen.push(whole ? new TextDecoder().decode(line) : "(too long)"),
    onChange: (change) => seen.push(`<${change}>`),
  });
  return { tail, seen };
}

test("what is there comes first, then what is added, each line once", async () => {
  writeFileSync(path, "one\ntwo\nthr");
  const { tail, seen } = follow("start");
  await tail.look();
  expect(seen).toEqual(["one", "two"]);
  appendFileSync(path, "ee\nfour\n");
  await Promise.all([tail.look(), tail.look(), tail.look()]);
  await tail.look();
  expect(seen).toEqual(["one", "two", "three", "four"]);
  expect(tail.offset).toBe(19);
  tail[Symbol.dispose]();
});

test.each([
  ["end", "", ["new"]],
  ["end", "old\n", ["new"]],
  ["end", "old\nhalf", ["new"]],
  [{ last: 4 }, "one\ntwo\n", ["two", "new"]],
  [{ last: 5 }, "one\ntwo\n", ["two", "new"]],
  [{ last: 3 }, "one\ntwo\n", ["new"]],
  [{ last: 100 }, "one\ntwo\n", ["one", "two", "new"]],
] as const)("from %p of %j", async (from, before, lines) => {
  writeFileSync(path, before);
  const { tail, seen } = follow(from);
  await tail.look();
  appendFileSync(path, before.endsWith("half") ? " line\nnew\n" : "new\n");
  await tail.look();
  expect(seen).toEqual([...lines]);
  tail[Symbol.dispose]();
});

test("a file that is not there yet is waited for", async () => {
  const { tail, seen } = follow("start");
  await tail.look();
  writeFileSync(path, "late\n");
  await tail.look();
  expect(seen).toEqual(["late"]);
  tail[Symbol.dispose]();
});

test("a truncated file is read anew, from its beginning", async () => {
  writeFileSync(path, "one\ntwo\nhalf");
  const { tail, seen } = follow("start");
  await tail.look();
  truncateSync(path, 0);
  appendFileSync(path, "a\n");
  await tail.look();
  expect(seen).toEqual(["one", "two", "<truncated>", "a"]);
  tail[Symbol.dispose]();
});

test("files looked at together are not mixed up", async () => {
  const names = ["a", "b", "c"];
  const heard = new Map(names.map((name) => [name, ""]));
  const tails = names.map((name) => {
    const file = `${path}.${name}`;
    writeFileSync(file, `${name.repeat(200_000)}\n`);
    const onLine = (line: Uint8Array): void => {
      heard.set(name, heard.get(name) + Buffer.from(line).toString());
    };
    return openTail({ file, from: "start", onLine, log: silentLog });
  });
  await Promise.all(tails.map((tail) => tail.look()));
  for (const name of names) appendFileSync(`${path}.${name}`, `${name}\n`);
  await Promise.all(tails.map((tail) => tail.look()));
  for (const name of names) expect(heard.get(name)).toBe(name.repeat(200_001));
  for (const tail of tails) tail[Symbol.dispose]();
});

test("a replaced file is read to its end, then the new one from its beginning", async () => {
  writeFileSync(path, "one\n");
  const { tail, seen } = follow("end");
  await tail.look();
  appendFileSync(path, "last of the old\n");
  writeFileSync(`${path}.new`, "new\n");
  renameSync(`${path}.new`, path);
  await tail.look();
  expect(seen).toEqual(["last of the old", "<replaced>", "new"]);
  tail[Symbol.dispose]();
});

test("a file moved to the archive is followed there", async () => {
  writeFileSync(path, "one\n");
  const { tail, seen } = follow("start");
  await tail.look();
  renameSync(path, `${path}.archived`);
  appendFileSync(`${path}.archived`, "two\n");
  await tail.look();
  await tail.look();
  appendFileSync(`${path}.archived`, "three\n");
  await tail.look();
  expect(seen).toEqual(["one", "two", "<gone>", "three"]);
  tail[Symbol.dispose]();
});

test("a deleted file is read to its end, and its successor too", async () => {
  writeFileSync(path, "one\n");
  const { tail, seen } = follow("start");
  await tail.look();
  appendFileSync(path, "two\n");
  unlinkSync(path);
  await tail.look();
  writeFileSync(path, "anew\n");
  await tail.look();
  expect(seen).toEqual(["one", "two", "<gone>", "<replaced>", "anew"]);
  tail[Symbol.dispose]();
});

test("an open file is followed after its name and folder are gone", async () => {
  const folder = mkdtempSync(join(root, "gone-"));
  const named = join(folder, "log");
  const writer = openSync(named, "a");
  const reader = openSync(named, "r");
  rmSync(folder, { recursive: true });
  const { tail, seen } = follow("start", reader);
  appendFileSync(writer, "still here\n");
  await tail.look();
  tail[Symbol.dispose]();
  expect(seen).toEqual(["still here"]);
  closeSync(reader); // The tail left it open: this would throw otherwise.
  closeSync(writer);
});

test("a folder, a device or a pipe in the file's place is refused without waiting", async () => {
  mkdirSync(path);
  Bun.spawnSync(["mkfifo", `${path}.pipe`]);
  for (const file of [path, `${path}.pipe`, "/dev/zero"]) {
    const { tail, seen } = follow("start", file);
    await tail.look();
    await tail.look();
    expect(seen).toEqual(["<refused>"]);
    tail[Symbol.dispose]();
  }
});

test("after disposal nothing comes any more, in the middle of a read as well", async () => {
  writeFileSync(path, "line\n".repeat(100_000));
  let lines = 0;
  const tail = openTail({
    file: path,
    from: "start",
    log: silentLog,
    onLine: () => {
      lines += 1;
      if (lines === 3) tail[Symbol.dispose]();
    },
  });
  await tail.look();
  await tail.look();
  expect(lines).toBe(3);
});

test("a line of 10 MB is read without a stop of everything else", async () => {
  writeFileSync(path, "before\n");
  const { tail, seen } = follow("start");
  await tail.look();
  appendFileSync(path, `${"x".repeat(10_000_000)}\nafter\n`);
  let turns = 0;
  setImmediate(() => (turns += 1));
  await tail.look();
  // How long the others wait at most is measured by scripts/bench/tail.ts.
  expect(turns).toBe(1);
  expect(seen).toEqual(["before", "(too long)", "after"]);
  tail[Symbol.dispose]();
});

test("a long file is read in slices of at most 64 KiB", async () => {
  const line = "x".repeat(99);
  writeFileSync(path, `${line}\n`.repeat(20_000));
  const offsets = new Set<number>([0]);
  const tail = openTail({
    file: path,
    from: "start",
    log: silentLog,
    onLine: () => offsets.add(tail.offset),
  });
  await tail.look();
  const ends = [...offsets];
  expect(ends.at(-1)).toBe(2_000_000);
  expect(Math.max(...ends.slice(1).map((end, i) => end - ends[i]!))).toBeLessThanOrEqual(65_536);
  tail[Symbol.dispose]();
});
