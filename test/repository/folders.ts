import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { DiskLanes } from "../../src/lib/disk-lanes.ts";
import { type GitFiles, openGitFiles } from "../../src/repository/git-files.ts";

const scratch = join(import.meta.dir, "../../.scratch");

/** A new folder with nothing of ours above it that counts: it stands for the person's home. */
export function makeHome(): { readonly path: string } & Disposable {
  mkdirSync(scratch, { recursive: true });
  const path = realpathSync(mkdtempSync(join(scratch, "repository-")));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes files (`path: content`) below `home`; a path that ends in "/" is a folder. */
export function write(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(home, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, content);
  }
}

/** The real disk as a program sees it whose person has these homes. */
export function filesFor(homes: readonly string[], uid?: number): GitFiles {
  const lanes = new DiskLanes({ clock: systemClock, places: 1 });
  return openGitFiles({ lanes, homes, ...(uid === undefined ? {} : { uid }) });
}

export const hash = "d29312c5071b9372686e8c0bb070be6876c62117";

export const origin = (url: string): string => `[remote "origin"]\n\turl = ${url}\n`;
