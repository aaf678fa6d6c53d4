import { known, type Knowledge, unknown } from "../lib/knowledge.ts";
import type { GitFiles } from "./git-files.ts";

/** A path with links followed. */
export interface Followed {
  readonly path: string;
  /** All of it exists. */
  readonly isWhole: boolean;
}

/** As many as Linux follows (path_resolution(7)). */
const maxLinks = 40;

/**
 * Follows the links of an absolute path of a Unix system name by name, so that each step is asked of
 * the disk it is on: a call for the whole path would wait for whatever disk a link leads to.
 */
export async function follow(
  path: string,
  { entry, link }: Pick<GitFiles, "entry" | "link">,
): Promise<Knowledge<Followed>> {
  const rest = namesOf(path).toReversed();
  let at = "";
  let links = 0;
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    if (name === "..") {
      at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
      continue;
    }
    const next = `${at}/${name}`;
    // oxlint-disable-next-line no-await-in-loop -- what a name is says where the next one is
    const found = await entry(next);
    // @guard follow-unknown
    if (found.kind === "unknown") return found;
    if (found.kind === "nothing") {
      const missing = [next, ...rest.toReversed()].join("/");
      return known({ path: withoutDots(missing), isWhole: false });
    }
    if (found.value.kind !== "link") {
      at = next;
      continue;
    }
    links += 1;
    if (links > maxLinks) return unknown("it has too many links");
    // oxlint-disable-next-line no-await-in-loop -- the link says where the next name is
    const target = await link(next);
    if (target.kind !== "known") return target.kind === "nothing" ? unknown("it changes") : target;
    if (target.value.startsWith("/")) at = "";
    rest.push(...namesOf(target.value).toReversed());
  }
  return known({ path: at === "" ? "/" : at, isWhole: true });
}

function namesOf(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function withoutDots(path: string): string {
  const names: string[] = [];
  for (const name of namesOf(path)) {
    if (name === "..") names.pop();
    else names.push(name);
  }
  return `/${names.join("/")}`;
}
