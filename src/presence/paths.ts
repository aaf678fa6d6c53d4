import { memo } from "../lib/memo.ts";

/**
 * Paths as text, of any system: `C:\x`, `/mnt/c/x`, `\\wsl$\Ubuntu\home\x`, `/home/x`. Nothing is
 * looked up, so a link is what it is called.
 */

/** No system takes a longer path, so one is never a place: it is not compared, see each function. */
const maxPath = 4096;
/** Of rules whose form for comparing is remembered: more than a config of 1 MB can hold. */
const maxGlobs = 65_536;

/**
 * A path in the one form that is compared by rules: `/`, no `.` or `..`, drives as `/c`, WSL's
 * shares as the paths they are inside, case and Unicode form folded. Folding makes two folders
 * that differ only in case the same, which for a rule that hides is the safe mistake.
 */
// @guard path-case
export const comparable = memo((path: string): string => normal(path).toLowerCase());

function normal(path: string): string {
  const local = path
    .replaceAll("\\", "/")
    .normalize("NFC")
    .replace(/^\/\/[?.]\/unc\//i, "//")
    .replace(/^\/\/[?.]\//, "")
    .replace(/^\/\/wsl(?:\$|\.localhost)\/[^/]*/i, "")
    .replace(/^\/mnt\/([a-z])(?=\/|$)/i, "/$1")
    .replace(/^([a-z]):/i, "/$1");
  const parts: string[] = [];
  for (const part of local.split("/")) {
    // @guard path-dots
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

export function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[a-z]:[/\\])/i.test(path);
}

/**
 * Whether `path` is `folder` or in it; a relative path starts at `from`. Case counts, but on
 * Windows: this decides what is shown, so two folders must not be taken for one; a path that is too
 * long is in none.
 */
export function isWithin(path: string, folder: string, from: string): boolean {
  // @guard within-too-long
  if (path.length > maxPath || folder.length > maxPath || from.length > maxPath) return false;
  const form = /^[a-z]:|^\\\\/i.test(folder) ? comparable : normal;
  const whole = form(isAbsolute(path) ? path : `${from}/${path}`);
  const top = form(folder);
  // @guard within-part
  return top !== "/" && (whole === top || whole.startsWith(`${top}/`));
}

/** The last part of a path of any kind, or the text itself. */
export function folderName(path: string): string {
  const parts = path.slice(-maxPath).split(/[/\\]/);
  return parts.findLast((part) => part !== "" && part !== "." && part !== "..") ?? "";
}

/**
 * Whether a glob names this folder or one above it: `*` and `?` within a name, `**` across names,
 * `~` for the home. `/srv/acme`, `/srv/acme/*` and `/srv/acme/**` all match what is in it, and
 * the first and last the folder itself. A path that is too long matches any glob.
 */
export function globMatchesPath(glob: string, path: string, home: string | undefined): boolean {
  // @guard path-too-long
  if (path.length > maxPath) return true;
  const atHome = /^~(?=$|[/\\])/.test(glob);
  // Another user's home, or ours while it is not known: whose folders these are cannot be told.
  // @guard path-other-home
  if (glob.startsWith("~") && (!atHome || home === undefined)) return true;
  const whole = atHome ? `${home ?? ""}${glob.slice(1)}` : glob;
  return matchParts(namesOf(whole), namesOf(path));
}

const namesOf = memo(
  (path: string): readonly string[] =>
    comparable(path)
      .split("/")
      .filter((name) => name !== ""),
  maxGlobs,
);

/**
 * `*` is any text, `/` included: for `owner/name` and hosts, where more matched hides more. A name
 * that is too long matches any glob.
 */
export function globMatchesName(glob: string, name: string): boolean {
  // @guard name-too-long
  if (name.length > maxPath) return true;
  return matchWild(foldedGlob(glob), foldedName(name));
}

const foldedGlob = memo((glob: string): string => fold(glob).replaceAll(/\*+/g, "*"), maxGlobs);
const foldedName = memo(fold);

function fold(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}

/** The pattern's names against the first of the path's; what is below a match matches too. */
function matchParts(patterns: readonly string[], parts: readonly string[]): boolean {
  if (differEarly(patterns, parts)) return false;
  let reached = new Set([0]);
  const close = (): void => {
    for (const at of reached) if (patterns[at] === "**") reached.add(at + 1);
  };
  close();
  if (reached.has(patterns.length)) return true;
  for (const part of parts) {
    const next = new Set<number>();
    for (const at of reached) {
      const pattern = patterns[at];
      if (pattern === "**") next.add(at);
      else if (pattern !== undefined && matchWild(pattern, part)) next.add(at + 1);
    }
    reached = next;
    close();
    if (reached.has(patterns.length)) return true;
    if (reached.size === 0) return false;
  }
  return false;
}

/** Whether a name without wildcards differs before the first one with: so most rules are done with. */
function differEarly(patterns: readonly string[], parts: readonly string[]): boolean {
  for (let at = 0; at < patterns.length; at += 1) {
    const pattern = patterns[at] ?? "";
    if (pattern === "**") return false;
    if (pattern !== parts[at]) return !/[*?]/.test(pattern);
  }
  return false;
}

/** `*` and `?` in linear space and without a regular expression that could run away. */
function matchWild(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (
      p < pattern.length &&
      (pattern[p] === "?" || pattern[p] === text[t]) &&
      pattern[p] !== "*"
    ) {
      p += 1;
      t += 1;
    } else if (pattern[p] === "*") {
      star = p;
      mark = t;
      p += 1;
    } else if (star !== -1) {
      p = star + 1;
      mark += 1;
      t = mark;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}
