import type { PrivacyRule } from "../config/privacy.ts";
import type { RemoteClaim } from "../session/places.ts";
import { globMatchesName } from "./paths.ts";

/**
 * Why a rule for repositories or hosts holds for one of these remotes, in words for the person, or
 * `undefined` when it is certain that it does not. An address that is not understood counts as any.
 */
export function remoteRuleHolds(
  { repo, host }: Pick<PrivacyRule, "repo" | "host">,
  remotes: readonly RemoteClaim[],
): string | undefined {
  for (const { hosts, paths } of remotes) {
    if (repo !== undefined) {
      // @guard repo-not-understood
      if (paths === undefined) return `repo ${repo}: the address of a remote is not understood`;
      if (paths.some((path) => globMatchesName(repoGlob(repo), path))) return `repo ${repo}`;
    }
    if (host !== undefined) {
      // @guard host-not-certain
      if (hosts === undefined) return `host ${host}: the host of a remote is not certain`;
      if (hosts.some((name) => hostMatches(host, name))) return `host ${host}`;
    }
  }
  return undefined;
}

/** As a person may copy it: with slashes around it, and the ending of a clone's address. */
function repoGlob(repo: string): string {
  // @guard repo-slashes
  const inner = repo.trim().replaceAll(/^\/+|\/+$/g, "");
  // @guard repo-ending
  const bare = inner.replace(/\.git$/i, "");
  return bare === "" ? inner : bare;
}

function hostMatches(host: string, name: string): boolean {
  const glob = host.trim().replace(/\.$/, "");
  // Addresses carry names of other scripts in ASCII; which one a pattern means is not certain.
  if (!/^[\x00-\x7f]*$/.test(glob) && /(?:^|\.)xn--/.test(name)) return true;
  return globMatchesName(glob, name);
}
