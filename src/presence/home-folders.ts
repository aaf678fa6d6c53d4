import { placesIn } from "../session/places.ts";
import type { Places } from "./facts.ts";
import { comparable } from "./paths.ts";

/** A user's home on any system: `/home/x`, `C:\Users\x`, `/mnt/c/Users/x`, `/media/disk/home/x`. */
const anyHome = new RegExp(
  [
    String.raw`^(?:/[a-z])?/(?:home|users|documents and settings)/[^/]+$`,
    String.raw`^/(?:mnt|media|volumes|run|data|srv|export|var|usr|net|nfs|cygdrive|system)` +
      String.raw`(?:/[^/]+){0,3}/(?:home|users)/[^/]+$`,
    String.raw`^(?:/var|/private/var)?/root$`,
    String.raw`^/data/data/[^/]+/files/home$`,
  ].join("|"),
);

/** Whether a folder is a user's home, whose name is most often that of a person. */
export function isHomeFolder(path: string, homes: readonly string[]): boolean {
  const folder = comparable(path);
  // @guard home-own
  // @guard home-any
  return anyHome.test(folder) || homes.some((home) => folder === comparable(home));
}

/** Whether the folder that gives the project its name is a home: then the project has none. */
export function isAtHome(places: Places | undefined, homes: readonly string[]): boolean {
  if (places === undefined) return false;
  const found = placesIn(places.folder);
  const named = found.flatMap(({ realPath, root, mainWorktree }) =>
    root === undefined ? [places.cwd, realPath] : [root, mainWorktree],
  );
  const folders = found.length === 0 ? [places.cwd] : named;
  return folders.some((folder) => folder !== undefined && isHomeFolder(folder, homes));
}
