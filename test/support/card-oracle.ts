import { posix } from "node:path";
import type { Thing, Tree } from "./tree.ts";

/** What may be seen of a session, by docs/privacy.md and by the whole tree. */
export interface Allowed {
  readonly level: Level;
  /** The project's name, where the level lets it be named. */
  readonly project: string;
  readonly file: boolean;
}

export type Level = "hidden" | "private" | "project" | "full";

export interface Rule {
  readonly path?: string;
  readonly repo?: string;
  readonly host?: string;
  readonly level: Level;
}

export interface Question {
  readonly tree: Tree;
  readonly level: Level;
  readonly rules: readonly Rule[];
  /** The session's folder, and the file that it reads. */
  readonly cwd: string;
  readonly file: string;
}

/** Of a remote of the tree: the only forms that it has. */
const remotes: Readonly<Record<string, { readonly repo?: string; readonly host?: string }>> = {
  "git@far.example:acme/x.git": { repo: "acme/x", host: "far.example" },
  "https://near.example/open/x": { repo: "open/x", host: "near.example" },
  // Where a path on this machine leads is not known.
  "/srv/x.git": {},
};
export const addresses = Object.keys(remotes);

/** Where a folder is: the repository that it is in, none, or that this is not certain. */
type Home =
  | { readonly kind: "none" }
  | { readonly kind: "uncertain"; readonly isLinked: boolean }
  | {
      readonly kind: "repository";
      readonly top: string;
      readonly main: string;
      readonly remotes: readonly string[];
    };

/** What others may see at most. */
export function allowed({ tree, level, rules, cwd, file }: Question): Allowed {
  const folder = endOf(tree, cwd);
  const isThere = tree.get(folder)?.kind === "folder";
  const home: Home = isThere ? homeOf(tree, folder) : { kind: "uncertain", isLinked: false };
  const own = capOf(tree, rules, [posix.normalize(cwd), folder], home);
  const sessionLevel = strictest([level, own]);
  const main = home.kind === "repository" ? home.main : cwd;
  const project = main.split("/").at(-1) ?? "";
  return { level: sessionLevel, project, file: mayNameFile() };

  function mayNameFile(): boolean {
    if (sessionLevel !== "full" || home.kind === "uncertain") return false;
    const named = posix.resolve(cwd, file);
    const real = endOf(tree, file.startsWith("/") ? file : `${cwd}/${file}`);
    let lies = parentOf(real);
    while (lies !== "/" && !tree.has(lies)) lies = parentOf(lies);
    const its = homeOf(tree, lies);
    // In the session's own repository or folder, in no other repository below that.
    const top = home.kind === "repository" ? home.top : folder;
    if (its.kind !== home.kind || !real.startsWith(`${top}/`)) return false;
    if (its.kind === "repository" && its.top !== top) return false;
    return capOf(tree, rules, [named, real], its, lies) === "full";
  }
}

/** The strictest of the rules and files that hold. */
function capOf(
  tree: Tree,
  rules: readonly Rule[],
  names: readonly string[],
  home: Home,
  lies: string = names.at(-1) ?? "/",
): Level {
  const tops = home.kind === "repository" ? [home.top, home.main] : [];
  const held = rules.filter((rule) => holds(tree, rule, [...names, lies, ...tops], home));
  const starts = home.kind === "repository" ? [lies, home.main] : [lies];
  const asked = starts.flatMap((start) => filesAbove(tree, start, tops));
  return strictest([...held.map((rule) => rule.level), ...asked]);
}

/** A rule with several of path, repo and host holds where any fits. */
function holds(tree: Tree, rule: Rule, folders: readonly string[], home: Home): boolean {
  const { path, repo, host } = rule;
  if (path !== undefined) {
    const glob = path.replace(/\/\*\*$/, "");
    const globs = [glob, endOf(tree, glob)];
    if (globs.some((top) => folders.some((at) => at === top || at.startsWith(`${top}/`)))) {
      return true;
    }
    // Its main worktree may be anywhere.
    if (home.kind === "uncertain" && home.isLinked) return true;
  }
  if ((repo ?? host) === undefined) return false;
  if (home.kind === "uncertain") return true;
  const known = home.kind === "repository" ? home.remotes.map((each) => remotes[each] ?? {}) : [];
  return known.some(
    (each) =>
      (repo !== undefined && (each.repo ?? repo) === repo) ||
      (host !== undefined && (each.host ?? host) === host),
  );
}

/** What the `.codex-presence.json` files from a folder up to the top of its repository ask for. */
function filesAbove(tree: Tree, start: string, tops: readonly string[]): readonly Level[] {
  const above = foldersAbove(start);
  const last = above.findIndex((folder) => tops.includes(folder));
  const folders = last < 0 ? above : above.slice(0, last + 1);
  return folders.flatMap((folder) => {
    const thing = tree.get(`${folder}/.codex-presence.json`);
    return thing === undefined ? [] : [levelOf(tree, folder, thing)];
  });
}

/** What is no file with a level hides. */
function levelOf(tree: Tree, folder: string, thing: Thing): Level {
  const at =
    thing.kind === "link" ? tree.get(endOf(tree, `${folder}/.codex-presence.json`)) : thing;
  const level = at?.kind === "file" ? /^\{"level":"(\w+)"\}$/.exec(at.text)?.[1] : undefined;
  return levels.find((each) => each === level) ?? "hidden";
}

const levels: readonly Level[] = ["hidden", "private", "project", "full"];

export function strictest(given: readonly Level[]): Level {
  return levels.find((level) => given.includes(level)) ?? "full";
}

/** The first folder upwards with a `.git` of its own, if that one is a repository. */
function homeOf(tree: Tree, folder: string): Home {
  let isBroken = false;
  for (const top of foldersAbove(folder)) {
    const git = tree.get(`${top}/.git`);
    if (git === undefined) continue;
    const place = gitFolderOf(tree, top, git);
    const uncertain = { kind: "uncertain", isLinked: git.kind !== "folder" } as const;
    if (place === undefined) return uncertain;
    if (tree.get(`${place}/HEAD`) === undefined) {
      // git passes over a folder that is no repository; a file that names none is a mistake.
      if (git.kind !== "folder") return uncertain;
      isBroken = true;
      continue;
    }
    const shared = tree.get(`${place}/commondir`);
    const common = shared?.kind === "file" ? endOf(tree, `${place}/${shared.text.trim()}`) : place;
    if (!isOurs(tree, common)) return uncertain;
    const config = tree.get(`${common}/config`);
    const text = config?.kind === "file" ? config.text : "";
    const main = common.endsWith("/.git") && common !== place ? parentOf(common) : top;
    return {
      kind: "repository",
      top,
      main,
      remotes: addresses.filter((each) => text.includes(`url = ${each}\n`)),
    };
  }
  return isBroken ? { kind: "uncertain", isLinked: false } : { kind: "none" };
}

function gitFolderOf(tree: Tree, top: string, git: Thing): string | undefined {
  if (git.kind === "folder") return isOurs(tree, `${top}/.git`) ? `${top}/.git` : undefined;
  if (git.kind !== "file" || git.isForeign === true) return undefined;
  const named = git.text.replace("gitdir: ", "").trim();
  const place = endOf(tree, named.startsWith("/") ? named : `${top}/${named}`);
  return isOurs(tree, place) ? place : undefined;
}

function isOurs(tree: Tree, folder: string): boolean {
  const thing = tree.get(folder);
  return thing?.kind === "folder" && thing.isForeign !== true;
}

/** A path with its links followed; what does not exist stays as it is called. */
function endOf(tree: Tree, path: string, turns = 0): string {
  let at = "";
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  for (const [index, name] of names.entries()) {
    if (name === "..") {
      at = parentOf(at);
      continue;
    }
    at = `${at === "/" ? "" : at}/${name}`;
    const thing = tree.get(at);
    if (thing?.kind !== "link" || turns > 20) continue;
    const base = thing.to.startsWith("/") ? "" : parentOf(at);
    const rest = names.slice(index + 1).join("/");
    return endOf(tree, `${base}/${thing.to}/${rest}`, turns + 1);
  }
  return at === "" ? "/" : at;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) || "/";
}

function foldersAbove(path: string): readonly string[] {
  return path === "/" ? [] : [path, ...foldersAbove(parentOf(path))];
}
