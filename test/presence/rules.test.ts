import { expect, test } from "bun:test";
import { assert, property, string } from "fast-check";
import type { Places, Repository } from "../../src/presence/facts.ts";
import { comparable, folderName, globMatchesPath, isWithin } from "../../src/presence/paths.ts";
import type { PrivacyRule } from "../../src/config/privacy.ts";
import type { Knowledge } from "../../src/lib/knowledge.ts";
import { applyRules, type RuleHit, ruleInForce } from "../../src/presence/rules.ts";
import { claimOf } from "../../src/repository/remote-claims.ts";
import type { FolderKnowledge, RemoteClaim } from "../../src/session/places.ts";

const home = "/home/ann";

test.each<[string, string, boolean]>([
  ["~/work/**", "/home/ann/work", true],
  ["~/work/**", "/home/ann/work/acme/app", true],
  ["~/work/**", "/home/ann/workshop", false],
  ["~/work", "/home/ann/work/acme", true],
  ["~/work/", "/home/ann/work", true],
  ["~/work/*", "/home/ann/work", false],
  ["~/work/*", "/home/ann/work/acme/app", true],
  ["~/work/acme-?", "/home/ann/work/acme-7/x", true],
  ["/home/*/work", "/home/bob/work", true],
  ["**/secret", "/srv/a/secret/b", true],
  ["**/secret", "/secret", true],
  ["**/secret", "/srv/secrets", false],
  ["/a/**/z", "/a/z", true],
  ["/a/**/z", "/a/b/c/z/d", true],
  ["/a/**/z", "/a/b/c", false],
  ["**", "/", true],
  ["/", "/x", true],
  ["~", "/home/ann/x", true],
  ["~/WORK", "/home/ann/work", true],
  ["~/caf\u00e9", "/home/ann/cafe\u0301", true],
  ["/home/ann/../bob", "/home/bob", true],
  ["~/work", "/home/ann/x/../work/./y", true],
  ["C:\\work\\**", "c:/Work/x", true],
  ["C:\\work", "/mnt/c/work/x", true],
  ["/home/ann/work", "\\\\wsl$\\Ubuntu\\home\\ann\\work\\x", true],
  ["/home/ann/work", "\\\\wsl.localhost\\Debian\\home\\ann\\work", true],
  ["\\\\server\\share\\x", "//server/share/x/y", true],
  ["\\\\?\\C:\\work", "C:\\work", true],
  ["~bob/x", "/anything", true],
  ["/[a-z]*", "/b", false],
])("%s and %s: %p", (glob, path, expected) => {
  expect(globMatchesPath(glob, path, home)).toBe(expected);
});

test("while the home is not known, what begins there is taken to match", () => {
  expect(globMatchesPath("~/work", "/x", undefined)).toBe(true);
});

test("globs of any kind end", () => {
  expect(globMatchesPath(`/${"*a".repeat(200)}`, `/${"a".repeat(4000)}b`, home)).toBe(false);
  expect(globMatchesPath("/**".repeat(100), "/a".repeat(2000), home)).toBe(true);
  assert(
    property(string(), string(), (a, b) => [true, false].includes(globMatchesPath(a, b, home))),
  );
  assert(property(string(), (text) => comparable(comparable(text)) === comparable(text)));
});

test.each<[string, string, boolean]>([
  ["src/x.ts", "/w/p", true],
  ["/w/p/x.ts", "/w/p", true],
  ["/w/p", "/w/p", true],
  ["/w/p2/x.ts", "/w/p", false],
  ["../x.ts", "/w/p", false],
  ["a/../../p2/x", "/w/p", false],
  ["a/../x", "/w/p", true],
  ["/W/P/x", "/w/p", false],
  ["/etc/passwd", "/w/p", false],
  ["~/x", "/w/p", true],
  ["C:\\P\\x", "c:\\p", true],
  ["x", "/", false],
])("%s is within %s: %p", (path, folder, expected) => {
  expect(isWithin(path, folder, folder)).toBe(expected);
});

test.each([
  ["/a/b/", "b"],
  ["C:\\a\\b", "b"],
  ["b", "b"],
  ["/", ""],
  ["a/..", "a"],
])("the last folder of %s", (path, expected) => {
  expect(folderName(path)).toBe(expected);
});

const inRepository = {
  kind: "repository",
  place: { realPath: "/w/real/sub", root: "/w/real", mainWorktree: "/w/main" },
  remotes: [],
} as const;
const places: Places = { cwd: "/w/link", folder: inRepository, file: { kind: "nothing" } };

const asNamed = { of: () => ({ kind: "nothing" }) as const };

const none: Repository | undefined = undefined;

/** What rules come to, as a person writes them, where no links are on their paths. */
function applied(
  rules: readonly PrivacyRule[],
  at: Places | undefined = places,
  ...by: readonly [Repository | undefined] | readonly []
): RuleHit {
  return applyRules(
    rules.map((rule) => ruleInForce(rule, [home], asNamed)),
    at,
    by.length === 0 ? repository : by[0],
  );
}
const repository: Repository = {
  host: "git.acme.example",
  owner: "group/team",
  name: "app",
  url: undefined,
  credentials: false,
};

test.each<[object, string]>([
  [{ repo: "group/*" }, "rule 1 (repo group/*): private"],
  [{ repo: "GROUP/TEAM/app" }, "rule 1 (repo GROUP/TEAM/app): private"],
  [{ repo: "*/app" }, "rule 1 (repo */app): private"],
  [{ host: "*.acme.example" }, "rule 1 (host *.acme.example): private"],
  [{ path: "/no", host: "git.*" }, "rule 1 (host git.*): private"],
  [{ path: "/w/main/**" }, "rule 1 (path /w/main/**): private"],
  [{}, "rule 1 (everywhere): private"],
])("%j matches and says so", (rule, why) => {
  const hit = applied([{ ...rule, level: "private" }]);
  expect(hit).toEqual({ cap: "private", why: [why] });
});

test.each([[{ repo: "team/*" }], [{ host: "acme.example" }], [{ path: "/w/other" }]])(
  "%j does not match",
  (rule) => {
    const hit = applied([{ ...rule, level: "hidden" }]);
    expect(hit).toEqual({ cap: "full", why: [] });
  },
);

test("every remote counts: a fork is known by what it was forked from, too", () => {
  const remotes = [
    claimOf("git@github.com:me/app.git"),
    claimOf("https://git.client.example/client/secret-app"),
  ];
  const given = { ...places, folder: { ...inRepository, remotes } };
  const cap = (rule: object) => applied([{ ...rule, level: "hidden" }], given).cap;
  expect(cap({ repo: "client/*" })).toBe("hidden");
  expect(cap({ host: "*.client.example" })).toBe("hidden");
  expect(cap({ repo: "me/app" })).toBe("hidden");
  expect(cap({ repo: "group/*" })).toBe("hidden");
  expect(cap({ repo: "client/app" })).toBe("full");
});

const names = [
  { repo: "x/*", level: "hidden" },
  { host: "x", level: "private" },
  { path: "/no", level: "project" },
] as const;
const capsOf = (folder: FolderKnowledge) =>
  names.map((rule) => applied([rule], { ...places, folder }, none).cap);
const far: RemoteClaim = { hosts: ["far.example"], paths: ["o/n"] };

test("remotes that are not known for certain may be any: rules for them hold, and say why", () => {
  const { place } = inRepository;
  const folder = { kind: "unknown", reason: "EACCES", places: [place], remotes: [] } as const;
  expect(capsOf(folder)).toEqual(["hidden", "private", "full"]);
  expect(applied([names[0]], { ...places, folder }).why).toEqual([
    "rule 1 (the remotes are not known: EACCES): hidden",
  ]);
  expect(capsOf({ ...folder, remotes: [far] })).toEqual(["hidden", "private", "full"]);
  expect(capsOf({ kind: "nothing", place, remotes: [] })).toEqual(["full", "full", "full"]);
  expect(capsOf({ kind: "repository", place, remotes: [far] })).toEqual(["full", "full", "full"]);
  expect(capsOf({ kind: "nothing", place, remotes: [{ ...far, hosts: ["x"] }] })).toEqual([
    "full",
    "private",
    "full",
  ]);
});

test("where a folder leads is not known: any rule for a path may hold", () => {
  const unseen = { kind: "unknown", reason: "EIO", remotes: [] } as const;
  expect(capsOf({ ...unseen, places: [] })).toEqual(["hidden", "private", "project"]);
  expect(capsOf({ ...unseen, places: [{ realPath: "/w" }] })).toEqual([
    "hidden",
    "private",
    "full",
  ]);
});

test("of what may be a linked worktree the main one may be anywhere", () => {
  const folder = { kind: "unknown", reason: "EIO", remotes: [], mayBeLinked: true } as const;
  expect(capsOf({ ...folder, places: [inRepository.place] })[2]).toBe("project");
});

test("where a folder was seen last counts on, in each of its places", () => {
  const seen = [{ realPath: "/gone" }, { realPath: "/a", root: "/b", mainWorktree: "/c" }];
  const folder = { kind: "unknown", reason: "gone", places: seen, remotes: [far] } as const;
  const cap = (rule: object) => applied([{ ...rule, level: "hidden" }], { ...places, folder }).cap;
  for (const path of ["/gone", "/a", "/b", "/c", "/w/link"]) expect(cap({ path })).toBe("hidden");
  expect(cap({ path: "/w/real" })).toBe("full");
});

test("~ is each of the homes", () => {
  const rule = ruleInForce({ path: "~/work/**", level: "hidden" }, ["/a", "/b"], asNamed);
  const cap = (cwd: string) =>
    applyRules(
      [rule],
      { ...places, cwd, folder: { kind: "nothing", place: { realPath: cwd }, remotes: [] } },
      undefined,
    ).cap;
  expect(["/a/work", "/b/work/x", "/c/work", "/a"].map(cap)).toEqual([
    "hidden",
    "hidden",
    "full",
    "full",
  ]);
});

test("nothing of a long path, list or name is cut off: what is too long matches any rule", () => {
  const deep = `/${"d/".repeat(2000)}`;
  const cap = (rule: PrivacyRule, cwd: string) =>
    applied(
      [rule],
      { ...places, cwd, folder: { kind: "nothing", place: { realPath: cwd }, remotes: [] } },
      none,
    ).cap;
  expect(cap({ path: "/**/end", level: "hidden" }, `${deep}end`)).toBe("hidden");
  expect(cap({ path: "/**/end", level: "hidden" }, `${deep}other`)).toBe("full");
  expect(cap({ path: "/other", level: "hidden" }, `/${"d/".repeat(50_000)}`)).toBe("hidden");
  const many = Array.from({ length: 2000 }, (_, i) => ({ ...far, paths: [`o${i}/n`] }));
  const folder = { ...inRepository, remotes: many };
  const rule = { repo: "o1999/n", level: "hidden" } as const;
  expect(applied([rule], { ...places, folder }).cap).toBe("hidden");
  const long = { ...far, paths: [`o/${"n".repeat(5000)}`] };
  expect(applied([rule], { ...places, folder: { ...inRepository, remotes: [long] } }).cap).toBe(
    "hidden",
  );
});

/** `~/work` leads to `/data/work`, `/srv/a` to `/srv/b`; the rest is what it is called. */
const links = {
  of: (path: string): Knowledge<readonly string[]> => ({
    kind: "known",
    value: [path.replace("/home/ann/work", "/data/work").replace("/srv/a", "/srv/b")],
  }),
};

test.each<[string, string, boolean]>([
  ["~/work", "/data/work/x", true],
  ["~/work/**", "/data/work", true],
  ["~/work/", "/data/work/x", true],
  ["~/work/acme-*/**", "/data/work/acme-1/x", true],
  ["~/work/acme-*/**", "/data/work/other", false],
  ["~/work", "/home/ann/work/x", true],
  ["~/wor*", "/data/work", false],
  ["/srv/a/new", "/srv/b/new/x", true],
  ["/srv/a", "/srv/b2", false],
  ["**/x", "/data/x", true],
])("with links, %s holds for %s: %p", (path, folder, holds) => {
  const rule = ruleInForce({ path, level: "hidden" }, [home], links);
  const nowhere = { kind: "nothing", place: { realPath: folder }, remotes: [] } as const;
  const at = { ...places, cwd: folder, folder: nowhere };
  expect(applyRules([rule], at, undefined).cap).toBe(holds ? "hidden" : "full");
});

test("a rule whose links are not known for certain holds anywhere, by its own level", () => {
  const unseen = { of: () => ({ kind: "unknown", reason: "was not looked at yet" }) as const };
  const rule = ruleInForce({ path: "~/work", level: "private" }, [home], unseen);
  expect(applyRules([rule], places, undefined)).toEqual({
    cap: "private",
    why: ["rule 1 (path ~/work was not looked at yet): private"],
  });
});

test("a rule by every name that its path has; one without a path, or on another system, has none", () => {
  const rule = { path: "~/work/x-*/**", level: "hidden" } as const;
  const twice = { of: () => ({ kind: "known", value: ["/a", "/b"] }) as const };
  expect(ruleInForce(rule, [home], twice).globs).toEqual([
    "/home/ann/work/x-*/**",
    "/a/x-*/**",
    "/b/x-*/**",
  ]);
  expect(ruleInForce(rule, [], twice).globs).toEqual(["~/work/x-*/**"]);
  expect(ruleInForce(rule, [home], asNamed).globs).toEqual(["/home/ann/work/x-*/**"]);
  expect(ruleInForce({ host: "x", level: "hidden" }, [home], links).globs).toEqual([]);
  expect(ruleInForce({ path: "**/x", level: "hidden" }, [home], twice).globs).toEqual(["**/x"]);
});

test("all of many rules count, and some of them are named", () => {
  const rules = Array.from({ length: 3000 }, () => ({ path: "/w", level: "private" }) as const);
  const hit = applied([...rules, { path: "/w", level: "hidden" }]);
  expect(hit.cap).toBe("hidden");
  expect(hit.why).toHaveLength(17);
  expect(hit.why.at(-1)).toBe("and 2985 rules more");
});
