import { placesIn } from "../session/places.ts";
import type { Places } from "./facts.ts";
import { comparable } from "./paths.ts";

/** A user's home on any system: `/home/x`, `C:\Users\x`, `/mnt/c/Users/x`, `/media/disk/home/x`. */
const anyHome = new RegExp(
  [
    String.raw`^(?:/[a-z])?/(?:homes?\d*|users\$?|profiles\$?|documents and settings)/[^/]+$`,
    // Of another disk, system or container, by where such a thing is usually put.
    String.raw`^/(?:mnt|media|volumes|run|data\d*|srv|export|var|private|usr|net|nfs\d*|auto|autofs` +
      String.raw`|afs|gpfs|lustre|zfs|tank|pool|vol\d*|storage|cygdrive|system|host|hostfs|rootfs|proc)` +
      String.raw`(?:/[^/]+){0,3}/(?:homes?\d*|users)/[^/]+$`,
    String.raw`^(?:/var|/private/var)?/root$`,
    String.raw`^/data/data/[^/]+/files/home$`,
  ].join("|"),
);

/** Homes by domain, group or first letter: `/home/corp.example/x`, `/home/staff/x`, `/home/j/jane`. */
const groupedHome =
  /^\/homes?\d*\/(?:[^/]+\.[^/]+\/[^/]+|(?:users?|people|staff|students?|guests?)\/[^/]+|([^/])\/\1[^/]*)$/;

/** `\\server\home\x`; that of WSL is a system's own folder. */
const sharedHome = /^[/\\]{2}[^/\\]+[/\\](?:homes?|users|profiles)\$?[/\\][^/\\]+[/\\]*$/i;

/** Whether a folder is a user's home, whose name is most often that of a person. */
export function isHomeFolder(path: string, homes: readonly string[]): boolean {
  const folder = comparable(path);
  // @guard home-own
  // @guard home-any
  if (anyHome.test(folder) || homes.some((home) => folder === comparable(home))) return true;
  if (sharedHome.test(path)) return true;
  // A login may have a dot, so what lies in a home of the person's own is a project.
  return (
    groupedHome.test(folder) && !homes.some((home) => folder.startsWith(`${comparable(home)}/`))
  );
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
