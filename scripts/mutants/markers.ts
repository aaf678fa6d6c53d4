import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Guard } from "./guard.ts";

/** One `// @guard ID` comment in the sources. The code that it marks follows it. */
export interface Marker {
  readonly id: string;
  /** Relative to the top of the repository, with `/`. */
  readonly file: string;
  /** Offset of the end of the comment's line in the file's text. */
  readonly end: number;
  /** Counted from 1. */
  readonly line: number;
}

/** A guard with the file that it stands in and that file's text without it. */
export interface Mutant {
  readonly guard: Guard;
  readonly marker: Marker;
  readonly mutated: string;
}

const form = /^[ \t]*\/\/ @guard ([a-z0-9-]+)$/gm;
/** The marked code begins within so many lines after its marker. */
const reach = 8;

/** All markers below `src/`, in the order of files and lines. */
export function findMarkers(root: string): readonly Marker[] {
  const files = [...new Bun.Glob("src/**/*.ts").scanSync(root)].toSorted();
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return [...text.matchAll(form)].map((match): Marker => {
      const end = match.index + match[0].length;
      const line = text.slice(0, match.index).split("\n").length;
      return { id: match[1] ?? "", file: file.replaceAll("\\", "/"), end, line };
    });
  });
}

/**
 * The sources with one guard broken: the first `from` within 8 lines after the guard's marker is
 * replaced by `to`.
 *
 * @returns a sentence when the marker is missing, stands twice, or the code after it is another
 */
export function mutantOf(
  guard: Guard,
  markers: readonly Marker[],
  textOf: (file: string) => string,
): Mutant | string {
  const [marker, second] = markers.filter(({ id }) => id === guard.id);
  if (marker === undefined) return `${guard.id}: no line of src/ is marked "@guard ${guard.id}"`;
  if (second !== undefined) {
    return `${guard.id}: marked twice, at ${placeOf(marker)} and ${placeOf(second)}`;
  }
  const text = textOf(marker.file);
  const marked = text
    .slice(marker.end)
    .split("\n", reach + 1)
    .join("\n");
  const at = marked.indexOf(guard.from);
  if (at < 0) return `${guard.id}: the code after ${placeOf(marker)} has no ${guard.from}`;
  const start = marker.end + at;
  const mutated = text.slice(0, start) + guard.to + text.slice(start + guard.from.length);
  return { guard, marker, mutated };
}

export function placeOf({ file, line }: Marker): string {
  return `${file}:${line}`;
}
