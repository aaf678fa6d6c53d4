import { type ConfigValue, readWholeGitConfig } from "./git-config.ts";

/** A config file as the disk has it. */
export type ConfigText =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "text"; readonly text: string };

/** The config files that git would read, as far as they are known without it. */
export interface ConfigTexts {
  /** Of the machine and the person, in git's order. */
  readonly outer: readonly ConfigText[];
  /** Of the repository. */
  readonly own: ConfigText;
  /** Of the worktree alone: `config.worktree`. */
  readonly worktree: ConfigText;
}

export type ByHand =
  | { readonly kind: "known"; readonly values: readonly ConfigValue[] }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * The configuration without git. Whatever only git can make sense of (files that are included, a
 * worktree's own file, rewritten addresses, a line with a mistake) makes it unknown.
 */
export function readByHand({ outer, own, worktree }: ConfigTexts): ByHand {
  // @guard hand-worktree
  if (worktree.kind !== "absent") return notWithoutGit("it has a config.worktree");
  const values: ConfigValue[] = [];
  for (const file of [...outer, own]) {
    // @guard hand-unreadable
    if (file.kind === "unreadable") return notWithoutGit("a config file cannot be read");
    const read = file.kind === "absent" ? [] : readWholeGitConfig(file.text);
    // @guard hand-mistake
    if (read === undefined) return notWithoutGit("a config file has a mistake");
    for (const value of read) values.push(value);
  }
  const odd = values.find(needsGit);
  // @guard hand-needs-git
  if (odd !== undefined) return notWithoutGit(`its configuration has ${odd.section}.${odd.key}`);
  return { kind: "known", values };
}

function needsGit({ section, key }: ConfigValue): boolean {
  if (section === "extensions") return key === "worktreeconfig";
  return /^(?:include|includeif|url)$/.test(section);
}

function notWithoutGit(what: string): ByHand {
  return { kind: "unknown", reason: `${what}, which only git can read` };
}
