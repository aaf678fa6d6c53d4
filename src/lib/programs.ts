// edge
import { accessSync, constants, statSync } from "node:fs";
import { posix, win32 } from "node:path";

/**
 * The folders of a `PATH` in which programs are looked for. Relative entries are passed over, and
 * empty ones, which mean the current folder: a repository could put its own programs there.
 */
export function programFolders(path: string | undefined, platform: NodeJS.Platform): string[] {
  const { delimiter, isAbsolute } = platform === "win32" ? win32 : posix;
  // @guard path-relative
  return (path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
}

/**
 * An environment whose `PATH` has these folders alone, for programs that start others by name. Never
 * an empty one, which a shell takes for the current folder.
 */
export function withAbsolutePath<E extends Readonly<Record<string, string | undefined>>>(
  env: E,
  platform: NodeJS.Platform,
): E & { readonly PATH: string } {
  const { delimiter } = platform === "win32" ? win32 : posix;
  const folders = programFolders(env["PATH"], platform);
  // @guard path-never-empty
  const some = folders.length > 0 || platform === "win32" ? folders : systemFolders;
  return { ...env, PATH: some.join(delimiter) };
}

/** `getconf PATH` where it is shortest. */
const systemFolders = ["/usr/bin", "/bin"];

/** Where a program of that name may lie, in the order of `PATH`: absolute paths. */
export function programPaths(
  name: string,
  path: string | undefined,
  platform: NodeJS.Platform,
): readonly string[] {
  const { join } = platform === "win32" ? win32 : posix;
  const endings = platform === "win32" ? [".exe", ".cmd", ""] : [""];
  return programFolders(path, platform).flatMap((folder) =>
    endings.map((ending) => join(folder, name + ending)),
  );
}

/** Programs of that name, in the order of `PATH`: absolute paths of files that can be run. */
export function programsNamed(
  name: string,
  path: string | undefined,
  platform: NodeJS.Platform,
): readonly string[] {
  return programPaths(name, path, platform).filter(isRunnable);
}

/** The program that a word names: an absolute path, or a name to be looked for. */
export function programOf(
  word: string,
  path: string | undefined,
  platform: NodeJS.Platform,
): string | undefined {
  const { isAbsolute } = platform === "win32" ? win32 : posix;
  if (!/[/\\]/.test(word)) return programsNamed(word, path, platform)[0];
  // @guard program-relative
  return isAbsolute(word) && isRunnable(word) ? word : undefined;
}

/** A file, and one that this user may run. */
export function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Lost: which of the ways in which it cannot be run.
  }
}
