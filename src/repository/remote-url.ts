/** The parts of a remote's address; its password is read past and never kept. */
export interface RemoteUrl {
  readonly scheme: "https" | "http" | "git" | "ssh";
  readonly host: string;
  readonly port: string | undefined;
  /** Decoded, none empty, the last without ".git". */
  readonly path: readonly string[];
  /** The user of a web address, which may be a token. */
  readonly httpUser: string | undefined;
  /** The user of an ssh address is one that a forge gives all its people, or none. */
  readonly sharedUser: boolean;
  /** It held a password, or a query, which may hold one. */
  readonly secret: boolean;
}

const maxLength = 2048;

const schemes: ReadonlyMap<string, RemoteUrl["scheme"]> = new Map([
  ["https", "https"],
  ["http", "http"],
  ["git", "git"],
  ["ssh", "ssh"],
  ["git+ssh", "ssh"],
  ["ssh+git", "ssh"],
]);

/** Takes an address apart, or `undefined` when it is none that leads to another machine. */
export function readRemoteUrl(address: string): RemoteUrl | undefined {
  if (address.length > maxLength) return undefined;
  const text = address.trim();
  // Backslashes are Windows paths; the rest cannot be seen and is in no honest address.
  if (/[\\\p{C}\p{Zl}\p{Zp}]/u.test(text)) return undefined;
  const withScheme = /^([a-z+]+):\/\/([^/?#]*)\/?([^?#]*)(.*)$/i.exec(text);
  if (withScheme !== null) {
    const [, scheme = "", authority = "", path = "", rest = ""] = withScheme;
    const known = schemes.get(scheme.toLowerCase());
    // What stands before an "@" is a password with a stray "/" or "?" in it.
    if (known === undefined || rest.includes("@")) return undefined;
    return build(known, authority, path, rest !== "");
  }
  // Any other scheme is carried out by a helper program, which knows what the rest means.
  if (/^[a-z0-9][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  // "host:path", where a path on this machine has a slash first, and a drive one letter only.
  const scp = /^([^/:[]*@)?(\[[^\]/]*\]|[^/:@[]{2,}):(?!:)(.*)$/.exec(text);
  if (scp === null) return undefined;
  const [, user = "", host = "", path = ""] = scp;
  if (host === "file" || schemes.has(host.toLowerCase())) return undefined;
  return build("ssh", user + host, path, false);
}

function build(
  scheme: RemoteUrl["scheme"],
  authority: string,
  rawPath: string,
  query: boolean,
): RemoteUrl | undefined {
  // A password may hold an "@" that nobody encoded.
  const at = authority.lastIndexOf("@");
  const [user = "", ...password] = at < 0 ? [] : authority.slice(0, at).split(":");
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d{0,5}))?$/i.exec(
    authority.slice(at + 1),
  ) ?? [""];
  const path = pathOf(rawPath);
  if (host === undefined || path === undefined || !isHost(host)) return undefined;
  const web = scheme === "https" || scheme === "http";
  return {
    scheme,
    host: host.toLowerCase().replace(/\.$/, ""),
    port: port === "" || port === defaultPorts[scheme] ? undefined : port,
    path,
    httpUser: web && user !== "" ? user : undefined,
    sharedUser: /^(?:|git|gitea|forgejo|gogs|gitlab)$/i.test(user),
    secret: query || password.join("") !== "",
  };
}

const defaultPorts = { https: "443", http: "80", git: "9418", ssh: "22" } as const;

function isHost(host: string): boolean {
  if (host.startsWith("[")) return isAddressInBrackets(host);
  return host.length <= 253 && /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?$/i.test(host);
}

/** An IPv6 address; `[cafe.de:22]` is a name and a port. */
export function isAddressInBrackets(host: string): boolean {
  return /^\[[0-9a-f:.]+\]$/i.test(host) && URL.canParse(`http://${host}/`);
}

function pathOf(raw: string): readonly string[] | undefined {
  const parts = raw
    .split("/")
    .map((part) => decoded(part).trim())
    // "~/name" is a home folder, whose owner is not told.
    .filter((part) => part !== "" && part !== "~");
  if (parts.at(-1)?.toLowerCase() === ".git") parts.pop();
  const last = parts.pop()?.replace(/\.git$/i, "");
  if (last === undefined) return undefined;
  const path = [...parts, last];
  return path.length <= 20 && path.every(isPart) ? path : undefined;
}

/** What names a repository or group. With "@" or ":" it may be a password gone astray. */
function isPart(part: string): boolean {
  if (part === "." || part === "..") return false;
  return /^[^@:?#<>"'`{}|^[\]/\\%\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(part);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // Lost: nothing; the stray "%" makes it no name.
  }
}
