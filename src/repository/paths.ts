/**
 * Whether a path that a file of somebody else's names may be looked at: absolute, on this machine,
 * and no device. Network shares (`\\server\share`, `//server/share`) are left alone because naming
 * one makes Windows log in there, and because a silent one takes minutes to answer.
 */
export function isLocalPath(path: string, windows: boolean): boolean {
  if (path.length > maxPath || path.includes("\0")) return false;
  return windows ? isLocalOnWindows(path) : isLocalOnUnix(path);
}

const maxPath = 4096;

function isLocalOnUnix(path: string): boolean {
  return /^\/(?!\/)/.test(path) && !/^\/(?:dev|proc|sys)(?:\/|$)/.test(normal(path));
}

function isLocalOnWindows(path: string): boolean {
  if (!/^[a-z]:[\\/](?![\\/])/i.test(path)) return false;
  const parts = path.slice(3).split(/[\\/]/);
  // A colon later on is a stream of a file; the names are devices in every folder.
  return parts.every((part) => !part.includes(":") && !devices.test(part));
}

const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)\s*(?:\.|$)/i;

/** `/a//b/../c` as `/a/c`; what it says of links is not looked up. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder a file or folder is in; `undefined` for the root of a file system. */
export function parentOf(path: string): string | undefined {
  const separator = separatorOf(path);
  const ends = separator === "/" ? /\/+$/ : /[\\/]+$/;
  const trimmed = path.replace(ends, "");
  const cut = separator === "/" ? trimmed.lastIndexOf("/") : trimmed.search(/[\\/][^\\/]*$/);
  if (cut < 0) return undefined;
  const parent = trimmed.slice(0, cut);
  return parent === "" || isDrive(parent) ? `${parent}${separator}` : parent;
}

/** The last part of a path; empty for a root. */
export function lastPart(path: string): string {
  const parts = path.split(separatorOf(path) === "/" ? "/" : /[\\/]/);
  const last = parts.findLast((part) => part !== "") ?? "";
  return isDrive(last) ? "" : last;
}

/** `target` as seen from `folder`. Unlike a shell's, its ".." parts are left to the file system. */
export function resolvePath(folder: string, target: string): string {
  const windows = separatorOf(folder) === "\\";
  const absolute = target.startsWith("/") || (windows && /^(?:[a-z]:|\\)/i.test(target));
  return absolute ? target : `${folder.replace(/[\\/]+$/, "")}${separatorOf(folder)}${target}`;
}

function isDrive(part: string): boolean {
  return /^[a-z]:$/i.test(part);
}

function separatorOf(path: string): "/" | "\\" {
  return path.startsWith("/") ? "/" : "\\";
}
