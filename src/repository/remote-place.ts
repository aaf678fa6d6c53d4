import type { RemoteUrl } from "./remote-url.ts";

/** Whose repository an address means, whichever of a forge's own forms it has. */
export interface Place {
  readonly host: string;
  readonly owner: readonly string[];
  readonly name: string;
  /** The path of its page on the host. */
  readonly page: readonly string[];
}

/** The place an address leads to, or `undefined` when it names no repository. */
export function placeOf({ scheme, host, path }: RemoteUrl): Place | undefined {
  const web = scheme === "https" || scheme === "http";
  return (
    azureDevOps(host, path) ??
    (web ? bitbucketServer(host, path) : undefined) ??
    ordinary(forgeOf(host), path)
  );
}

function ordinary(host: string, path: readonly string[]): Place | undefined {
  // Azure DevOps Server, on a host of one's own: "collection/project/_git/name".
  const named = path.filter((part) => part !== "_git");
  const name = named.at(-1);
  return name === undefined ? undefined : { host, owner: named.slice(0, -1), name, page: path };
}

/**
 * The forge behind the names it has for ssh, and behind the usual way to tell two accounts apart in
 * one's ssh settings (`github.com-work`).
 */
function forgeOf(host: string): string {
  const other = /^(?:www|ssh|altssh)\.(github\.com|gitlab\.com|bitbucket\.org)$/.exec(host);
  const account = /^(github\.com|gitlab\.com|bitbucket\.org)-[a-z0-9_.-]+$/.exec(host);
  return other?.[1] ?? account?.[1] ?? host;
}

/** The forge that a host belongs to, whatever the path is: the host itself unless it is known. */
export function forgeHost(host: string): string {
  const isAzure = host === "ssh.dev.azure.com" || host.endsWith(".visualstudio.com");
  return isAzure ? "dev.azure.com" : forgeOf(host);
}

/** Azure DevOps has three hosts, and two forms, for one repository. */
function azureDevOps(host: string, path: readonly string[]): Place | undefined {
  const account = /^([a-z0-9-]+)\.visualstudio\.com$/.exec(host)?.[1];
  if (host === "ssh.dev.azure.com" || account === "vs-ssh") {
    const [version, org = "", project = "", name = ""] = path;
    if (version !== "v3" || path.length !== 4) return undefined;
    return ordinary("dev.azure.com", [org, project, "_git", name]);
  }
  if (account === undefined) return undefined;
  const inside = path.filter((part) => part !== "DefaultCollection");
  const page = inside.map((part) => (part === "_ssh" ? "_git" : part));
  return ordinary("dev.azure.com", [account, ...page]);
}

/** Bitbucket Data Center: cloned from `/scm/PROJ/name`, perhaps under a folder of its own. */
function bitbucketServer(host: string, path: readonly string[]): Place | undefined {
  const root = /^(?:bitbucket|stash)$/.test(path[0] ?? "") ? path.slice(0, 1) : [];
  const [scm, owner, name, ...more] = path.slice(root.length);
  if (scm !== "scm" || owner === undefined || name === undefined || more.length > 0) {
    return undefined;
  }
  const folder = owner.startsWith("~") ? ["users", owner.slice(1)] : ["projects", owner];
  return { host, owner: [owner], name, page: [...root, ...folder, "repos", name] };
}
