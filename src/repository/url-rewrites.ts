import type { ConfigValue } from "./git-config.ts";

/** One prefix of an address and what git puts in its place. */
export interface Rewrite {
  readonly prefix: string;
  readonly base: string;
}

/**
 * The rewriting rules of a config, in git's order: that in which their bases are first named.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-urlltbasegtinsteadOf
 */
export function rewritesIn(
  config: readonly ConfigValue[],
  key: "insteadof" | "pushinsteadof",
): readonly Rewrite[] {
  const bases = new Map<string, string[]>();
  for (const value of config) {
    if (value.section !== "url" || value.key !== key) continue;
    // `[url ""]` takes the prefix away; `[url]` is no rule.
    if (value.subsection === "" && value.hasEmptyName !== true) continue;
    const prefixes = bases.get(value.subsection) ?? [];
    prefixes.push(value.value);
    bases.set(value.subsection, prefixes);
  }
  return [...bases].flatMap(([base, prefixes]) => prefixes.map((prefix) => ({ base, prefix })));
}

/** The address as git uses it, or `undefined` where no rule is for it. The longest prefix wins. */
export function rewrittenBy(rewrites: readonly Rewrite[], address: string): string | undefined {
  let best: Rewrite | undefined;
  for (const rewrite of rewrites) {
    const isLonger = best === undefined || rewrite.prefix.length > best.prefix.length;
    if (isLonger && address.startsWith(rewrite.prefix)) best = rewrite;
  }
  return best === undefined ? undefined : best.base + address.slice(best.prefix.length);
}
