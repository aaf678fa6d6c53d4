import type { Place } from "./remote-place.ts";
import type { RemoteUrl } from "./remote-url.ts";

/** Hosts whose repositories have a page at the path they are cloned from, by any scheme. */
const forges: ReadonlySet<string> = new Set([
  "github.com",
  "gitlab.com",
  "bitbucket.org",
  "codeberg.org",
  "gitea.com",
  "git.sr.ht",
  "dev.azure.com",
]);

/** Longer addresses fit no button. */
const maxPage = 512;

/** The address of a repository's page, as far as the way it is cloned tells. */
export function pageOf(url: RemoteUrl, place: Place): string | undefined {
  if (!isPublicName(place.host) || !hasPage(url, place)) return undefined;
  // The port of ssh is not that of the page.
  const port = url.scheme === "https" && url.port !== undefined ? `:${url.port}` : "";
  const page = `https://${place.host}${port}/${place.page.map(encoded).join("/")}`;
  return page.length <= maxPage ? page : undefined;
}

/** As `encodeURIComponent`, which throws on what is no Unicode; such a part got no further. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll("%2B", "+");
}

/** What is in a home or system folder of a server is nothing that it shows. */
const folders = /^(?:home|users|root|srv|var|opt|mnt|media|data|usr|tmp|volume\d*)$/i;

function hasPage(url: RemoteUrl, { host, owner, page }: Place): boolean {
  if (owner.length === 0) return false;
  if (forges.has(host) || url.scheme === "https") return true;
  // 7999 is Bitbucket Data Center, whose pages have paths of their own.
  const served = url.scheme === "ssh" && url.sharedUser && url.port !== "7999";
  return served && !folders.test(page[0] ?? "");
}

/** A name that means the same host to everybody: no number, no alias, no network of one's own. */
function isPublicName(host: string): boolean {
  const top = /\.([a-z]{2,63}|xn--[a-z0-9-]+)$/.exec(host)?.[1];
  return top !== undefined && !privateTops.has(top) && !host.includes("_");
}

const privateTops: ReadonlySet<string> = new Set([
  "arpa",
  "corp",
  "home",
  "internal",
  "intranet",
  "invalid",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "private",
]);
