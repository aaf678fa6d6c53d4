/** Where a command runs: a path, absolute or from the session's folder. */
export type CommandFolder =
  | { readonly kind: "known"; readonly path: string }
  | { readonly kind: "unknown" };

/** Where a command runs that its own line names with its folder. */
export function commandFolder(
  folder: string | undefined,
  command: readonly string[],
): { readonly folder?: CommandFolder } {
  if (folder === undefined) return isLong(command) ? { folder: { kind: "unknown" } } : {};
  const path = folderOf(folder);
  return { folder: path === undefined ? { kind: "unknown" } : { kind: "known", path } };
}

/** A path, or since 0.150 a `file:` address of one; `undefined` where it is not understood. */
export function folderOf(text: string): string | undefined {
  const encoded = /^file:\/\/(\/.*)$/s.exec(text)?.[1];
  if (encoded === undefined) return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? undefined : text;
  try {
    return decodeURIComponent(encoded).replace(/^\/(?=[a-z]:)/i, "");
  } catch {
    return undefined; // Lost: which sign of it is not encoded.
  }
}

/**
 * Whether what stands behind a command, such as its folder, may have been cut off: of a long line
 * only the first 32 KB are read (`rollout.ts`).
 */
export function isLong(command: unknown): boolean {
  return JSON.stringify(command ?? "").length > maxCertain;
}

/** Characters that fit into 32 KB however they are encoded, with what else the line has. */
const maxCertain = 8192;
