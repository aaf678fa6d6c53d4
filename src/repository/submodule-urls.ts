import type { ConfigValue } from "./git-config.ts";

/** The addresses of submodules, from `.git/config` or `.gitmodules`. */
export function submoduleUrls(values: readonly ConfigValue[]): readonly string[] {
  return values
    .filter(({ section, key }) => section === "submodule" && key === "url")
    .map(({ value }) => value);
}

/**
 * What a submodule's address means: `./x` and `../x` start at the address of the remote. Without
 * one they start at the repository's own folder and stay as they are, a path on this machine.
 *
 * @see https://git-scm.com/docs/git-submodule#Documentation/git-submodule.txt-add
 */
export function submoduleAddresses(url: string, remotes: readonly string[]): readonly string[] {
  if (!/^\.\.?\//.test(url) || remotes.length === 0) return [url];
  return remotes.map((remote) => relativeTo(remote, url) ?? url);
}

/** As git does it: each `../` takes the last part away, also behind the ":" of `host:path`. */
function relativeTo(remote: string, url: string): string | undefined {
  let base = remote.replace(/\/$/, "");
  let rest = url;
  let separator = "/";
  for (;;) {
    if (rest.startsWith("./")) rest = rest.slice(2);
    else if (rest.startsWith("../")) {
      rest = rest.slice(3);
      const slash = base.lastIndexOf("/");
      const cut = slash < 0 ? base.lastIndexOf(":") : slash;
      if (cut < 0) return undefined;
      separator = slash < 0 ? ":" : "/";
      base = base.slice(0, cut);
    } else return `${base}${separator}${rest}`.replace(/\/$/, "");
  }
}
