import { expect, test } from "bun:test";
import { assert, property, string } from "fast-check";
import type { Places, Repository } from "../../src/presence/facts.ts";
import { comparable, folderName, globMatchesPath, isWithin } from "../../src/presence/paths.ts";
import {
  type FileLook,
  readCap,
  readCaps,
  repositoryFileName,
} from "../../src/presence/repository-file.ts";
import type { RealLook } from "../../src/presence/real-paths.ts";
import { applyRules, ruleInForce } from "../../src/presence/rules.ts";

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

const places: Places = {
  cwd: "/w/link",
  realPath: "/w/real/sub",
  root: "/w/real",
  mainWorktree: "/w/main",
  remoteKnown: true,
  remotes: [],
  file: undefined,
};
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
  const hit = applyRules([{ ...rule, level: "private" }], places, repository, home);
  expect(hit).toEqual({ cap: "private", why: [why] });
});

test.each([[{ repo: "team/*" }], [{ host: "acme.example" }], [{ path: "/w/other" }]])(
  "%j does not match",
  (rule) => {
    const hit = applyRules([{ ...rule, level: "hidden" }], places, repository, home);
    expect(hit).toEqual({ cap: "full", why: [] });
  },
);

test("every remote counts: a fork is known by what it was forked from, too", () => {
  const remotes = [
    { host: "github.com", owner: "me", name: "app" },
    { host: "git.client.example", owner: "client", name: "secret-app" },
  ];
  const given = { ...places, remotes };
  const cap = (rule: object) =>
    applyRules([{ ...rule, level: "hidden" }], given, repository, home).cap;
  expect(cap({ repo: "client/*" })).toBe("hidden");
  expect(cap({ host: "*.client.example" })).toBe("hidden");
  expect(cap({ repo: "me/app" })).toBe("hidden");
  expect(cap({ repo: "group/*" })).toBe("hidden");
  expect(cap({ repo: "client/app" })).toBe("full");
});

test("a remote that cannot be read may be any: rules for repositories and hosts hold", () => {
  const unread = { ...places, remoteKnown: false };
  const rules = [
    { repo: "x/*", level: "hidden" },
    { host: "x", level: "private" },
    { path: "/no", level: "hidden" },
  ] as const;
  expect(rules.map((rule) => applyRules([rule], unread, undefined, home).cap)).toEqual([
    "hidden",
    "private",
    "full",
  ]);
  expect(applyRules(rules, places, undefined, home).cap).toBe("full");
});

/** `~/work` leads to `/data/work`, `/srv/a` to `/srv/b`; the rest is what it is called. */
const real = (path: string): RealLook => ({
  path: path.replace("/home/ann/work", "/data/work").replace("/srv/a", "/srv/b"),
});

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
  const rule = ruleInForce({ path, level: "hidden" }, home, real);
  const at = { ...places, cwd: folder, realPath: folder, root: undefined, mainWorktree: undefined };
  expect(applyRules([rule], at, undefined, home).cap).toBe(holds ? "hidden" : "full");
});

test("a rule whose path was not looked at yet holds anywhere, by its own level", () => {
  const rule = ruleInForce({ path: "~/work", level: "private" }, home, () => undefined);
  expect(applyRules([rule], places, undefined, home)).toEqual({
    cap: "private",
    why: ["rule 1 (path ~/work was not looked at yet): private"],
  });
});

test("a path that leads nowhere leaves a rule as it is", () => {
  const rule = { path: "~/work", level: "hidden" } as const;
  expect(ruleInForce(rule, home, () => ({ path: undefined }))).toEqual(rule);
  expect(ruleInForce(rule, undefined, real)).toEqual(rule);
  expect(ruleInForce({ host: "x", level: "hidden" }, home, real)).not.toHaveProperty("realPath");
});

test.each<[string, string, string, readonly string[]]>([
  ["a level", '{ "level": "project" }', "project", []],
  ["comments", '\uFEFF{ // us\n "level": "private", }', "private", []],
  ["switches", '{ "show_model": false, "show_cost": true }', "full", ["show_model"]],
  ["an odd switch is off", '{ "level": "full", "show_cost": 1 }', "full", ["show_cost"]],
  ["no such level", '{ "level": "open" }', "hidden", []],
  ["a misspelt key", '{ "levle": "private" }', "hidden", []],
  ["a list", "[]", "hidden", []],
  ["broken", '{ "level": "private"', "hidden", []],
  ["empty", "", "hidden", []],
  ["huge", `{ "level": "private" }${" ".repeat(70_000)}`, "hidden", []],
  ["deep", "[".repeat(60_000), "hidden", []],
])("a repository's file: %s", (_, text, level, off) => {
  const cap = readCap("/x", { kind: "text", text });
  expect<object>(cap).toMatchObject({ level, off, sources: ["/x"] });
});

test("the walk goes up to the root and no further, and takes the strictest", () => {
  const files: Readonly<Record<string, FileLook>> = {
    "/w/.codex-presence.json": { kind: "text", text: '{"level":"hidden"}' },
    "/w/repo/.codex-presence.json": { kind: "text", text: '{"level":"private"}' },
    "/w/repo/a/b/.codex-presence.json": { kind: "text", text: '{"show_model":false}' },
    "/w/main/.codex-presence.json": { kind: "text", text: '{"level":"project"}' },
  };
  const asked: string[] = [];
  const look = (path: string): FileLook => {
    asked.push(path);
    return files[path] ?? { kind: "absent" };
  };
  const caps = readCaps(["/w/repo/a/b", "/w/main"], ["/w/repo", "/w/main"], look);
  expect(caps).toMatchObject({ level: "private", off: ["show_model"], problems: [] });
  expect(asked).toEqual(
    ["/w/repo/a/b", "/w/repo/a", "/w/repo", "/w/main"].map((at) => `${at}/${repositoryFileName}`),
  );
  expect(readCaps(["/w/repo"], [], look)?.level).toBe("hidden");
  expect(readCaps(["/elsewhere"], [], look)).toBeUndefined();
});

test("a file that is not to be read hides, and a walk is bounded", () => {
  const odd = readCaps(["/x"], [], () => ({ kind: "unreadable", reason: "is a device" }));
  expect(odd).toMatchObject({ level: "hidden" });
  expect(odd?.problems[0]).toContain("is a device; it counts as hidden");
  let looks = 0;
  const none = (): FileLook => {
    looks += 1;
    return { kind: "absent" };
  };
  readCaps(["/a".repeat(5000)], [], none);
  expect(looks).toBeLessThanOrEqual(64);
});

test("all of many rules count, and some of them are named", () => {
  const rules = Array.from({ length: 3000 }, () => ({ path: "/w", level: "private" }) as const);
  const hit = applyRules([...rules, { path: "/w", level: "hidden" }], places, repository, home);
  expect(hit.cap).toBe("hidden");
  expect(hit.why).toHaveLength(17);
  expect(hit.why.at(-1)).toBe("and 2985 rules more");
});
