import { type ConfigValue, remoteAddress } from "./git-config.ts";
import { submoduleAddresses, submoduleUrls } from "./submodule-urls.ts";
import { rewrittenBy, rewritesIn } from "./url-rewrites.ts";

/** A remote of the time before git's config: a file in `.git/remotes` or `.git/branches`. */
export interface LegacyRemote {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** What a repository says of its remotes. */
export interface AddressSources {
  /** All values that count, in git's order; the later one wins. */
  readonly config: readonly ConfigValue[];
  readonly legacy: readonly LegacyRemote[];
  /** The values of `.gitmodules`. */
  readonly modules: readonly ConfigValue[];
  /** The branch that is checked out. */
  readonly branch: string | undefined;
}

export interface KnownAddresses {
  readonly kind: "known";
  /** As git uses them, each once. */
  readonly used: readonly string[];
  /** As they are written, where git rewrites them. */
  readonly written: readonly string[];
  /** The remote that matters (`remoteAddress`), as git uses it. */
  readonly own: string | undefined;
}

export type Addresses = KnownAddresses | { readonly kind: "unknown"; readonly reason: string };

/** Each address is compared with each rule: more of them would take too long. */
const maxRewrites = 256;

/**
 * Every value that git may take for an address: of remotes (to fetch from and to push to), of
 * branches, defaults, groups, git-svn and submodules, rewritten by `insteadOf` and `pushInsteadOf`
 * as git does it.
 *
 * @see https://git-scm.com/docs/git-config
 */
export function addressesIn(sources: AddressSources): Addresses {
  const { config, modules, branch } = sources;
  // @guard address-text
  if (![...config, ...modules].every(isText)) {
    return { kind: "unknown", reason: "an address in its configuration is not UTF-8" };
  }
  const rewrites = rewritesIn(config, "insteadof");
  const pushRewrites = rewritesIn(config, "pushinsteadof");
  // @guard address-rewrites
  if (rewrites.length + pushRewrites.length > maxRewrites) {
    return { kind: "unknown", reason: `git has more than ${maxRewrites} rules of insteadOf` };
  }
  const used = new Set<string>();
  const written = new Set<string>();
  const isRewritten = (name: string): boolean =>
    (rewrittenBy(rewrites, name) ?? rewrittenBy(pushRewrites, name)) !== undefined;
  for (const { address, isPushedTo } of writtenIn(sources, isRewritten)) {
    const instead = rewrittenBy(rewrites, address);
    const pushed = isPushedTo ? rewrittenBy(pushRewrites, address) : undefined;
    if (instead !== undefined) written.add(address);
    // @guard address-rewritten
    used.add(instead ?? address);
    // @guard address-pushed
    if (pushed !== undefined) used.add(pushed);
  }
  const own = remoteAddress(config, branch);
  return {
    kind: "known",
    used: [...used].filter(leadsElsewhere),
    written: [...written],
    own: own === undefined ? undefined : (rewrittenBy(rewrites, own) ?? own),
  };
}

/** "." is the repository itself. */
function leadsElsewhere(address: string): boolean {
  return address !== "" && address !== ".";
}

/** Bytes that were no text are replaced by U+FFFD when they are read. */
function isText({ section, subsection, value }: ConfigValue): boolean {
  const counts = /^(?:remotes?|branch|url|submodule|svn-remote|extensions|lfs|fetch|bundle)$/.test(
    section,
  );
  return !counts || !`${subsection}${value}`.includes("\uFFFD");
}

interface Written {
  readonly address: string;
  /** `pushInsteadOf` is for it, too. */
  readonly isPushedTo: boolean;
}

function writtenIn(
  { config, legacy, modules, branch }: AddressSources,
  isRewritten: (name: string) => boolean,
): readonly Written[] {
  const remotes = remotesIn(config, legacy);
  const isName = (name: string): boolean => {
    const urls = remotes.get(name)?.urls ?? [];
    return urls.length > 0 && !urls.includes("");
  };
  const configured = [...remotes].flatMap(([name, remote]) => writtenOf(name, remote, isRewritten));
  const named = referencesIn(config).filter((name) => !isName(name));
  const bases = basesIn(config, branch);
  const submodules = submoduleUrls([...config, ...modules]).flatMap((url) =>
    submoduleAddresses(url, bases),
  );
  const others = [...named, ...svnAddresses(config), ...elsewhereIn(config), ...submodules];
  return [...configured, ...others.map((address) => ({ address, isPushedTo: true }))];
}

interface ConfiguredRemote {
  readonly urls: string[];
  readonly pushUrls: string[];
  /** The name of the helper program that carries the transport out. */
  helper?: string;
}

function remotesIn(
  config: readonly ConfigValue[],
  legacy: readonly LegacyRemote[],
): ReadonlyMap<string, ConfiguredRemote> {
  const remotes = new Map<string, ConfiguredRemote>();
  const remoteOf = (name: string): ConfiguredRemote => {
    const remote = remotes.get(name) ?? { urls: [], pushUrls: [] };
    remotes.set(name, remote);
    return remote;
  };
  for (const { section, subsection, key, value, hasEmptyName } of config) {
    if (section !== "remote" || (subsection === "" && hasEmptyName !== true)) continue;
    const remote = remoteOf(subsection);
    if (key === "url") remote.urls.push(value);
    // @guard address-push
    if (key === "pushurl") remote.pushUrls.push(value);
    if (key === "vcs") remote.helper = value;
  }
  for (const { name, addresses } of legacy) remoteOf(name).urls.push(...addresses);
  return remotes;
}

/** An empty address takes back those before it, since git 2.46; older ones know no such thing. */
function writtenOf(
  name: string,
  { urls, pushUrls, helper }: ConfiguredRemote,
  isRewritten: (name: string) => boolean,
): readonly Written[] {
  // Without an address the name is one, but a plain word only where a rule makes one of it.
  const isAddress = /[:/\\]/.test(name) || isRewritten(name);
  const hasNone = urls.length === 0 || urls.includes("");
  const names = hasNone && isAddress ? [name] : [];
  const fetched = helper === undefined ? urls : [`${helper}::${urls[0] ?? ""}`, ...urls];
  const hasNoPush = pushUrls.length === 0 || pushUrls.includes("");
  return [
    ...names.map((address) => ({ address, isPushedTo: true })),
    // A remote that names where to push to is not rewritten by pushInsteadOf.
    ...fetched.map((address) => ({ address, isPushedTo: hasNoPush })),
    ...pushUrls.map((address) => ({ address, isPushedTo: false })),
  ];
}

/** Values that are the name of a remote or, where there is none by that name, an address. */
function referencesIn(config: readonly ConfigValue[]): readonly string[] {
  return config.flatMap(({ section, subsection, key, value }) => {
    const ofBranch = section === "branch" && /^(?:remote|pushremote)$/.test(key);
    const isDefault = section === "remote" && subsection === "" && key === "pushdefault";
    const isPromisor = section === "extensions" && key === "partialclone";
    if (section === "remotes") return value.split(/\s+/);
    // @guard address-default
    // @guard address-branch
    return (ofBranch && subsection !== "") || isDefault || isPromisor ? [value] : [];
  });
}

function svnAddresses(config: readonly ConfigValue[]): readonly string[] {
  return config
    .filter(
      ({ section, key }) =>
        section === "svn-remote" && /^(?:url|pushurl|commiturl|rewriteroot)$/.test(key),
    )
    .map(({ value }) => value);
}

/** Where git gets what belongs to a repository: bundles of its history, its large files. */
function elsewhereIn(config: readonly ConfigValue[]): readonly string[] {
  const found = config.flatMap(({ section, key, value }) => {
    const isBundle = /^(?:fetch|bundle|remote)$/.test(section) && /^(?:bundleuri|uri)$/.test(key);
    const isLarge =
      (section === "lfs" && /^(?:url|pushurl)$/.test(key)) ||
      (section === "remote" && /^lfs(?:push)?url$/.test(key));
    return isBundle || isLarge ? [value.replace(/\/info\/lfs\/?$/, "")] : [];
  });
  return found.filter((address) => address !== "");
}

/** At which addresses a submodule's relative one may start: `origin`, the branch's, the only one. */
function basesIn(config: readonly ConfigValue[], branch: string | undefined): readonly string[] {
  const followed = config.findLast(
    ({ section, subsection, key }) =>
      section === "branch" && subsection === branch && key === "remote",
  )?.value;
  const own = remoteAddress(config, branch);
  const ofBranch = config.find(
    ({ section, subsection, key }) =>
      section === "remote" && subsection === followed && key === "url",
  )?.value;
  return [...new Set([own, ofBranch])].filter((base) => base !== undefined);
}
