import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openDiskOnce } from "../../src/cli/disk-once.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openFiles } from "../../src/tail/files.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "disk-"));
const files = openFiles(systemClock, silentLog);
afterAll(() => {
  files[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const at = (name: string): string => join(root, name);
for (const name of ["a", "b"]) writeFileSync(at(name), `${name.repeat(100_000)}end of ${name}\n`);
Bun.spawnSync(["mkfifo", at("pipe")]);

describe.each([
  ["that looks once", openDiskOnce()],
  ["that goes on", files],
])("the disk %s", (_, disk) => {
  test("gives the ends and beginnings of files that are asked for together", async () => {
    const asked = ["a", "b"].flatMap((name) => [disk.foot(at(name), 9), disk.head(at(name), 3)]);
    const found = await Promise.all(asked);
    expect(found.map(text)).toEqual(["end of a\n", "aaa", "end of b\n", "bbb"]);
  });

  test("gives no more than there is, and of what is no file nothing, without waiting", async () => {
    writeFileSync(at("short"), "short");
    expect(text(await disk.foot(at("short"), 99))).toBe("short");
    expect(text(await disk.head(at("short"), 99))).toBe("short");
    for (const name of ["pipe", "missing", "."]) {
      expect(await disk.foot(at(name), 9)).toBeUndefined();
      expect(await disk.head(at(name), 9)).toBeUndefined();
    }
    expect(await disk.list(at("a"))).toEqual([]);
    expect(await disk.stat(at("missing"))).toBeUndefined();
  });

  test("follows from near the end, by whole lines, and refuses what is no file", async () => {
    writeFileSync(at("lines"), "one\ntwo\nthree\n");
    const seen: (string | undefined)[] = [];
    const look = async (name: string): Promise<void> => {
      using followed = disk.follow(
        at(name),
        { last: 8 },
        (line) => seen.push(text(line)),
        (change) => seen.push(`<${change}>`),
      );
      await followed.look();
    };
    await look("lines");
    await look("pipe");
    expect(seen).toEqual(["three", "<refused>"]);
  });
});
