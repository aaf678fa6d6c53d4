import type { GitFiles } from "./git-files.ts";
import { resolvePath } from "./paths.ts";
import type { LegacyRemote } from "./remote-addresses.ts";

export interface LegacyRemotes {
  readonly remotes: readonly LegacyRemote[];
  /** All files and folders that were read. */
  readonly files: readonly string[];
}

/** More of them have never been made by hand. */
const maxFiles = 256;

/**
 * The remotes in `.git/remotes` and `.git/branches`, which git reads to this day; `undefined` where
 * one of the files cannot be read, or there are more than anyone made by hand.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export async function readLegacyRemotes(
  commonFolder: string,
  files: Pick<GitFiles, "text" | "entry" | "names">,
): Promise<LegacyRemotes | undefined> {
  const remotes: LegacyRemote[] = [];
  const read: string[] = [];
  for (const [folder, addressesIn] of readers) {
    const pending = [{ name: "", path: resolvePath(commonFolder, folder) }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { name, path } = next;
      if (read.push(path) > maxFiles) return undefined;
      // oxlint-disable no-await-in-loop -- as few of them as there are, mostly none
      const names = await files.names(path);
      // @guard legacy-folder-unknown
      if (names.kind === "unknown") return undefined;
      for (const each of names.kind === "known" ? names.value : []) {
        const below = { name: `${name}${each}`, path: resolvePath(path, each) };
        const entry = await files.entry(below.path);
        const isFolder = entry.kind === "known" && entry.value.kind === "folder";
        const text = isFolder ? undefined : await files.text(below.path);
        if (isFolder) pending.push({ name: `${below.name}/`, path: below.path });
        // @guard legacy-file-unknown
        else if (text?.kind !== "known") return undefined;
        else remotes.push({ name: below.name, addresses: addressesIn(text.value) });
        if (read.push(below.path) > maxFiles) return undefined;
      }
      // oxlint-enable no-await-in-loop
    }
  }
  return { remotes, files: read };
}

const readers: readonly (readonly [string, (text: string) => readonly string[]])[] = [
  ["remotes", urlLines],
  ["branches", firstLine],
];

/** `URL: address`, among `Push:` and `Pull:`. */
function urlLines(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("URL:"))
    .map((line) => line.slice("URL:".length).trim())
    .filter((address) => address !== "");
}

/** `address#branch`. */
function firstLine(text: string): readonly string[] {
  const [line = ""] = text.split("\n", 1);
  const address = (line.split("#", 1)[0] ?? "").trim();
  return address === "" ? [] : [address];
}
