import { forgeHost, type Place, placeOf } from "./remote-place.ts";
import { isAddressInBrackets, readRemoteUrl, type RemoteUrl } from "./remote-url.ts";

/**
 * What an address says for certain about where a repository is kept. A field that is `undefined` is
 * not certain: then it may be any, and every rule about it holds.
 */
export interface RemoteClaim {
  /** Every name of the host, lower case, with and without the port where the address has one. */
  readonly hosts: readonly string[] | undefined;
  /** `owner/name` in every form in which the forge writes it, and behind the host: `host/owner/name`. */
  readonly paths: readonly string[] | undefined;
}

const unknown: RemoteClaim = { hosts: undefined, paths: undefined };

/**
 * The claim of one address, however it is written. Never throws. Uncertain are paths on this machine
 * and `file:` (the repository there has remotes of its own), transports that a helper program
 * carries out (`ext::`, `hg::`), and hosts that are no full name, since the ssh settings or the
 * network's search domain say what such a name means.
 */
export function claimOf(address: string): RemoteClaim {
  const text = address.trim();
  // A replacement character stands for bytes that were no text.
  // @guard claim-bytes
  if (text.includes("\uFFFD")) return unknown;
  const ascii = withAsciiHost(text);
  const url = readRemoteUrl(ascii);
  if (url === undefined) {
    const [host, port] = hostOnly(ascii) ?? [];
    // @guard claim-not-read
    return host === undefined ? unknown : { hosts: hostNames(host, port), paths: undefined };
  }
  const place = placeOf(url);
  const hosts = hostNames(url.host, url.port);
  return { hosts, paths: place && pathNames(url, place, ascii, hosts ?? []) };
}

/** All names of a host, or `undefined` where none of them means the same host everywhere. */
function hostNames(written: string, port?: string): readonly string[] | undefined {
  const name = written.toLowerCase().replace(/\.$/, "");
  const bracketed = /^\[(.*)\]$/.exec(name)?.[1];
  const spellings = bracketed === undefined ? [name] : addressSpellings(bracketed);
  const names = [...new Set([...spellings, forgeHost(name)])];
  // @guard claim-host-whole
  if (!names.some(isWholeName)) return undefined;
  return port === undefined ? names : [...names, ...names.map((each) => `${each}:${port}`)];
}

/** An IPv6 address as written and in its shortest form, with brackets and without. */
function addressSpellings(address: string): readonly string[] {
  const shortest = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
  return [...new Set([address, shortest])].flatMap((each) => [each, `[${each}]`]);
}

/** A name with a top-level domain, or an IP address in its usual form. */
function isWholeName(host: string): boolean {
  // @guard remote-brackets
  if (host.startsWith("[")) return isAddressInBrackets(host);
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(host)) return true;
  return /^(?:[a-z0-9_-]+\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(host);
}

function pathNames(
  url: RemoteUrl,
  place: Place,
  text: string,
  hosts: readonly string[],
): readonly string[] | undefined {
  // What a server makes of a query is its own business, and whose home "~/" is as well.
  // @guard claim-query
  if (/[?#]|[/:]~(?:\/|$)/.test(text)) return undefined;
  const names = [[...place.owner, place.name].join("/"), url.path.join("/")];
  const whole = isPublicForge(place.host) ? names : names.flatMap(endingsOf);
  const bare = whole.flatMap((name) => [name, name.replace(/^~/, "")]);
  // A forge may take a second ".git" away, and keeps the wiki of a repository beside it.
  const readings = new Set(bare.flatMap((name) => [name, name.replace(/(?:\.git|\.wiki)+$/i, "")]));
  const behindHost = hosts.flatMap((host) => [...readings].map((name) => `${host}/${name}`));
  return [...readings, ...behindHost];
}

/** Here no folder of the server stands in front of the owner. */
function isPublicForge(host: string): boolean {
  return /^(?:github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com|codeberg\.org|git\.sr\.ht)$/.test(
    host,
  );
}

/**
 * Elsewhere it may, as in `/srv/git/acme/falcon` and `https://host/gitlab/acme/falcon`, and only the
 * server knows where it ends.
 */
function endingsOf(name: string): readonly string[] {
  const parts = name.split("/");
  return parts.slice(0, Math.max(1, parts.length - 1)).map((_, at) => parts.slice(at).join("/"));
}

/** Schemes in which what stands between `//` and the next `/` is a host, whatever follows. */
const hostSchemes =
  /^(?:https?|git|ssh|git\+ssh|ssh\+git|ftps?|rsync|svn|svn\+ssh):\/\/([^/?#]{1,2048})(?:\/|$)/i;

/** Host and port of an address whose path cannot be read. */
function hostOnly(text: string): readonly [string, string | undefined] | undefined {
  const authority = hostSchemes.exec(text)?.[1] ?? scpHost(text);
  if (authority === undefined || /[\\\s\p{C}%]/u.test(authority)) return undefined;
  const named = authority.slice(authority.lastIndexOf("@") + 1);
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?)(?::(\d{0,5}))?$/i.exec(
    named,
  );
  return found === null ? undefined : [found[1] ?? "", found[2] || undefined];
}

/** Of `user@host:path`; with "::" it is a transport, with "://" the scheme of a helper program. */
function scpHost(text: string): string | undefined {
  // @guard claim-transport
  if (/^[a-z0-9][a-z0-9+.-]*:(?::|\/\/)/i.test(text)) return undefined;
  return /^((?:[^/:@[\\]{0,256}@)?(?:\[[0-9a-f:.]{1,64}\]|[^/:@[\\]{2,256})):/i.exec(text)?.[1];
}

/** Web addresses may name their host in any script, or in wide letters; a client makes ASCII of it. */
function withAsciiHost(text: string): string {
  const found = /^(https?:\/\/(?:[^/?#@]{0,1024}@)?)([^/?#@:]{1,256})(.*)$/is.exec(text);
  const [, before = "", host = "", after = ""] = found ?? [];
  if (found === null || /^[\x00-\x7f]*$/.test(host)) return text;
  const ascii = URL.parse(`https://${host}/`)?.hostname;
  return ascii === undefined || ascii === "" ? text : `${before}${ascii}${after}`;
}

/**
 * The claims of all addresses, each once. An address that git rewrites before it uses it counts as
 * it is written, too, where that is clear: a rule may know the repository by either.
 */
export function claimsOf({
  used,
  written,
}: {
  readonly used: readonly string[];
  readonly written: readonly string[];
}): readonly RemoteClaim[] {
  const clear = written
    .map(claimOf)
    .filter(({ hosts, paths }) => hosts !== undefined && paths !== undefined);
  const claims = new Map(
    [...used.map(claimOf), ...clear].map((each) => [JSON.stringify(each), each]),
  );
  return [...claims.values()];
}
