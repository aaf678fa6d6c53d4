import type { Guard } from "../guard.ts";

const stricter = "test/presence/stricter.test.ts";
const rules = "test/presence/rules.test.ts";
const remoteClaims = "test/repository/remote-claims.test.ts";
const targets = "test/presence/targets.test.ts";
const realPaths = "test/presence/real-paths.test.ts";
const repositoryCaps = "test/presence/repository-caps.test.ts";
const repositoryFile = "test/presence/repository-file.test.ts";

/** Which rules and files hold for a session. */
export const rulesGuards: readonly Guard[] = [
  {
    id: "rule-before-known",
    from: 'rule.level === "hidden" ? "the folder is not known yet" : undefined',
    to: "undefined",
    tests: [stricter],
  },
  {
    id: "rule-everywhere",
    from: 'return "everywhere"',
    to: "return undefined",
    tests: [rules],
  },
  {
    id: "rule-homes",
    from: "homes.map((home) => `${home}${path.slice(1)}`)",
    to: "homes.slice(0, 1).map((home) => `${home}${path.slice(1)}`)",
    tests: [rules],
  },
  {
    id: "rule-links",
    from: "look.value.map((real) => `${real}${rest}`)",
    to: "[]",
    tests: [rules],
  },
  {
    id: "rule-links-unknown",
    from: "uncertain: look.reason",
    to: "uncertain: undefined",
    tests: [rules],
  },
  {
    id: "rule-path-uncertain",
    from: "path !== undefined && uncertain !== undefined",
    to: "false",
    tests: [rules],
  },
  {
    id: "rule-folder-unknown",
    from: "path !== undefined && folderUnknown !== undefined",
    to: "false",
    tests: [rules],
  },
  {
    id: "rule-repo-unknown",
    from: "(repo ?? host) !== undefined && remotesUnknown !== undefined",
    to: "false",
    tests: [rules],
  },
  {
    id: "rule-by-remote",
    from: "byRemote !== undefined",
    to: "false as boolean",
    tests: [rules],
  },
  {
    id: "rule-main-worktree",
    from: "[realPath, root, mainWorktree]",
    to: "[realPath, root]",
    tests: [rules],
  },
  {
    id: "rule-real-folder",
    from: "[realPath, root, mainWorktree]",
    to: "[root, mainWorktree]",
    tests: [rules],
  },
  {
    id: "rule-named-folder",
    from: "[cwd, ...real]",
    to: "[...real]",
    tests: [rules],
  },
  {
    id: "rule-rollout-remote",
    from: "repository === undefined ? [] : [claimOf(repository)]",
    to: "[]",
    tests: [rules],
  },
  {
    id: "rule-folder-half-known",
    from: "places.length > 0",
    to: "true",
    tests: [rules],
  },
  {
    id: "repo-not-understood",
    from: "paths === undefined",
    to: "paths === undefined && false",
    tests: [remoteClaims],
  },
  {
    id: "host-not-certain",
    from: "hosts === undefined",
    to: "false as boolean",
    tests: [remoteClaims],
  },
  {
    id: "repo-ending",
    from: '.replace(/\\.git$/i, "")',
    to: "",
    tests: [remoteClaims],
  },
  {
    id: "repo-slashes",
    from: '.replaceAll(/^\\/+|\\/+$/g, "")',
    to: "",
    tests: [remoteClaims],
  },
  {
    id: "path-too-long",
    from: "path.length > maxPath",
    to: "false",
    tests: [rules],
  },
  {
    id: "path-other-home",
    from: "!atHome || home === undefined",
    to: "false",
    tests: [rules],
  },
  {
    id: "name-too-long",
    from: "name.length > maxPath",
    to: "false",
    tests: [rules],
  },
  {
    id: "within-too-long",
    from: "path.length > maxPath || folder.length > maxPath || from.length > maxPath",
    to: "false",
    tests: [stricter],
  },
  {
    id: "within-part",
    from: "whole.startsWith(`${top}/`)",
    to: "whole.startsWith(top)",
    tests: [rules, targets],
  },
  {
    id: "path-case",
    from: "normal(path).toLowerCase()",
    to: "normal(path)",
    tests: [rules],
  },
  {
    id: "path-dots",
    from: 'if (part === "..") parts.pop();',
    to: 'if (part === "..") continue;',
    tests: [rules],
  },
  {
    id: "links-not-looked-at",
    from: "return answer;",
    to: 'return { kind: "nothing" };',
    tests: [realPaths],
  },
  {
    id: "links-unknown",
    from: "return unknown(`cannot be looked at: ${found.reason}`)",
    to: 'return { kind: "nothing" }',
    tests: [realPaths],
  },
  {
    id: "links-before-gone",
    from: "entry.whole ?? found.value.path",
    to: "found.value.path",
    tests: [realPaths],
  },
  {
    id: "file-vanished",
    from: "isGone = true",
    to: "isGone = false",
    tests: [repositoryCaps],
  },
  {
    id: "file-folder-unknown",
    from: "reason ??= folder.reason",
    to: "reason ??= undefined",
    tests: [repositoryCaps],
  },
  {
    id: "file-moved",
    from: "devices.has(path) && devices.get(path) !== device",
    to: "false",
    tests: [repositoryCaps],
  },
  {
    id: "file-carried",
    from: "cap: cap && together([cap, privateAtMost])",
    to: "cap: undefined",
    tests: [repositoryCaps],
  },
  {
    id: "file-main-worktree",
    from: "[realPath, mainWorktree]",
    to: "[realPath]",
    tests: [repositoryCaps],
  },
  {
    id: "file-named-folder",
    from: "[places.cwd, ...real]",
    to: "[...real]",
    tests: [repositoryCaps],
  },
  {
    id: "file-earlier",
    from: "[cap, earlier].filter",
    to: "[cap].filter",
    tests: [repositoryCaps],
  },
  {
    id: "file-bad-hidden",
    from: 'level: "hidden"',
    to: 'level: "full"',
    tests: [repositoryFile, rules],
  },
  {
    id: "file-unreadable",
    from: 'file.kind === "unreadable"',
    to: "false as boolean",
    tests: [repositoryFile, rules],
  },
  {
    id: "file-no-level",
    from: 'given["level"] === undefined && off.length === 0',
    to: "false",
    tests: [repositoryFile, rules],
  },
  {
    id: "file-switch-off",
    from: "given[name] !== true",
    to: "given[name] === false",
    tests: [repositoryFile, rules],
  },
  {
    id: "file-too-large",
    from: "text.length > maxText",
    to: "false",
    tests: [repositoryFile, rules],
  },
  {
    id: "file-syntax",
    from: " && errors.length === 0",
    to: "",
    tests: [repositoryFile, rules],
  },
  {
    id: "file-all-strictest",
    from: "strictest(caps.map(({ level }) => level))",
    to: 'caps[0]?.level ?? "full"',
    tests: [repositoryFile, rules],
  },
];
