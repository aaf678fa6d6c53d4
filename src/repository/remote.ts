import { pageOf } from "./remote-page.ts";
import { placeOf } from "./remote-place.ts";
import { readRemoteUrl } from "./remote-url.ts";

/** Where a repository is kept, without anything that opens it. */
export interface Remote {
  /** Lower case, without a port. A name of the person's own ssh settings stays as it is. */
  readonly host: string;
  /** One account or group, or several with "/" between: "group/subgroup", "org/project". */
  readonly owner?: string;
  readonly name: string;
  /** The repository's page for people; absent where there may be none. */
  readonly https?: string;
  /** The address held a password or a token. Neither is in any other field. */
  readonly credentials: boolean;
}

/**
 * Reads the address of a remote in any form git takes: `https://`, `ssh://`, `git://`, `host:path`.
 * Never throws.
 *
 * @returns `undefined` for a path on this machine or in its network, and for what is no address
 * @see https://git-scm.com/docs/git-clone#_git_urls
 */
export function parseRemote(address: string): Remote | undefined {
  const url = readRemoteUrl(address);
  const place = url === undefined ? undefined : placeOf(url);
  if (url === undefined || place === undefined) return undefined;
  const https = pageOf(url, place);
  return {
    host: place.host,
    ...(place.owner.length === 0 ? {} : { owner: place.owner.join("/") }),
    name: place.name,
    ...(https === undefined ? {} : { https }),
    credentials: url.secret || isToken(url.httpUser, place.owner),
  };
}

/** A user in front of a web address is a token, unless it is the owner or says nothing. */
function isToken(user: string | undefined, owner: readonly string[]): boolean {
  return user !== undefined && user !== "git" && user.toLowerCase() !== owner[0]?.toLowerCase();
}
