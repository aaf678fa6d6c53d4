import type { Guard } from "../guard.ts";

const untrusted = "test/repository/untrusted.test.ts";
const repositories = "test/repository/repositories.test.ts";
const gitRemotes = "test/repository/git-remotes.test.ts";
const gitFaults = "test/repository/git-faults.test.ts";
const gitAnswers = "test/repository/git-answers.test.ts";
const insideGit = "test/repository/inside-git.test.ts";
const remote = "test/repository/remote.test.ts";
const remoteClaims = "test/repository/remote-claims.test.ts";
const urlRewrites = "test/repository/url-rewrites.test.ts";
const gitAgain = "test/repository/git-again.test.ts";
const locateProperty = "test/repository/locate-property.test.ts";
const failingDisks = "test/repository/failing-disks.test.ts";

/** What is known for certain of a folder, its repository and its remotes. */
export const repositoryGuards: readonly Guard[] = [
  {
    id: "inside-git-folder",
    from: "return root === gitFolder ? worktreeOf(root, files) : known(root);",
    to: "return known(root);",
    tests: [insideGit],
  },
  {
    id: "remote-brackets",
    from: 'if (host.startsWith("[")) return isAddressInBrackets(host);',
    to: "if (/^\\[[0-9a-f:.]+\\]$/.test(host)) return true;",
    tests: [remoteClaims],
  },
  {
    id: "git-whole-list",
    from: "isWholeList(listed.text) ? read : undefined",
    to: "read",
    tests: [gitFaults],
  },
  {
    id: "repo-unknown",
    from: 'if (git.kind === "unknown") {',
    to: 'if (git.kind === "unknown") continue; if (false as boolean) {',
    tests: [untrusted, repositories],
  },
  {
    id: "repo-home",
    from: "if (isAtHome) {",
    to: "if (false as boolean) {",
    tests: [untrusted, repositories],
  },
  {
    id: "linked-worktree-unknown",
    from: "!(await isGitFolder(root, files))",
    to: "false",
    tests: [failingDisks],
  },
  {
    id: "git-linked-owner",
    from: "!entry.value.ours",
    to: "false",
    tests: [untrusted, repositories],
  },
  {
    id: "git-named-owner",
    from: "entry.value.ours ? place : ",
    to: "true ? place : ",
    tests: [untrusted, repositories],
  },
  {
    id: "git-bare-owner",
    from: "!own.value.ours",
    to: "false",
    tests: [untrusted, repositories],
  },
  {
    id: "git-leads-nowhere",
    from: 'found.kind === "unknown" ? found : unknown("it leads nowhere")',
    to: 'found.kind === "unknown" ? found : nothing',
    tests: [untrusted, repositories],
  },
  {
    id: "git-not-ours",
    from: "trouble !== undefined",
    to: "false as boolean",
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-same-folders",
    from: 'a.kind === "known" && b.kind === "known" && a.value === b.value',
    to: "true",
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-broken",
    from: "known: unknown(`git does not answer: ${state.reason}`)",
    to: 'known: { kind: "known", remotes: [], own: undefined, people: [] }',
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-list-failed",
    from: "{ known: unknown(`git: ${listed.reason}`), files: [] }",
    to: '{ known: { kind: "known", remotes: [], own: undefined, people: [] }, files: [] }',
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-list-status",
    from: "listed.status === 0 ? readConfigList(listed.text) : undefined",
    to: "readConfigList(listed.text) ?? []",
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-legacy-unreadable",
    from: "legacy === undefined",
    to: "false as boolean",
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-modules-unreadable",
    from: 'text.kind === "unreadable" || modules === undefined',
    to: "false",
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "git-env",
    from: "!/^(?:GIT_|LC_ALL$)/i.test(name)",
    to: "true",
    tests: [gitFaults, gitRemotes],
  },
  {
    id: "git-hooks",
    from: '"core.fsmonitor=false"',
    to: '"core.fsmonitor"',
    tests: [gitFaults, gitRemotes],
  },
  {
    id: "git-path",
    from: "...withAbsolutePath(Object.fromEntries(kept), platform)",
    to: "...Object.fromEntries(kept)",
    tests: [gitFaults, gitRemotes],
  },
  {
    id: "git-list-entry",
    from: "if (value === undefined) return undefined;\n    if (scope",
    to: "if (value === undefined) continue;\n    if (scope",
    tests: [gitAnswers],
  },
  {
    id: "git-folders-whole",
    from: "isWhole ? { gitFolder, commonFolder } : undefined",
    to: "{ gitFolder, commonFolder }",
    tests: [gitAnswers],
  },
  {
    id: "git-version",
    from: "major === 2 && minor >= 26",
    to: "major === 2",
    tests: [gitAnswers],
  },
  {
    id: "hand-worktree",
    from: 'worktree.kind !== "absent"',
    to: "false",
    tests: [gitFaults, gitRemotes, remote],
  },
  {
    id: "hand-unreadable",
    from: 'file.kind === "unreadable"',
    to: "false as boolean",
    tests: [gitFaults, gitRemotes, remote],
  },
  {
    id: "hand-mistake",
    from: "read === undefined",
    to: "false as boolean",
    tests: [gitFaults, gitRemotes, remote],
  },
  {
    id: "hand-needs-git",
    from: "odd !== undefined",
    to: "false as boolean",
    tests: [gitFaults, gitRemotes, remote],
  },
  {
    id: "legacy-folder-unknown",
    from: 'names.kind === "unknown"',
    to: "false",
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "legacy-file-unknown",
    from: 'else if (text?.kind !== "known") return undefined;',
    to: 'else if (text?.kind !== "known") continue;',
    tests: [gitRemotes, gitFaults],
  },
  {
    id: "address-text",
    from: "![...config, ...modules].every(isText)",
    to: "false",
    tests: [gitRemotes, remoteClaims],
  },
  {
    id: "address-rewrites",
    from: "rewrites.length + pushRewrites.length > maxRewrites",
    to: "false",
    tests: [urlRewrites],
  },
  {
    id: "address-push",
    from: 'if (key === "pushurl") remote.pushUrls.push(value);',
    to: "",
    tests: [gitRemotes, remoteClaims],
  },
  {
    id: "address-branch",
    from: 'ofBranch && subsection !== ""',
    to: "false",
    tests: [gitRemotes, remoteClaims],
  },
  {
    id: "address-default",
    from: " || isDefault",
    to: "",
    tests: [gitRemotes, remoteClaims],
  },
  {
    id: "address-rewritten",
    from: "used.add(instead ?? address)",
    to: "used.add(address)",
    tests: [urlRewrites],
  },
  {
    id: "address-pushed",
    from: "if (pushed !== undefined) used.add(pushed);",
    to: "",
    tests: [gitRemotes],
  },
  {
    id: "claim-bytes",
    from: 'text.includes("\\uFFFD")',
    to: "false",
    tests: [remoteClaims],
  },
  {
    id: "claim-host-whole",
    from: "!names.some(isWholeName)",
    to: "false",
    tests: [remoteClaims],
  },
  {
    id: "claim-query",
    from: "/[?#]|[/:]~(?:\\/|$)/.test(text)",
    to: "false",
    tests: [remoteClaims],
  },
  {
    id: "claim-not-read",
    from: "host === undefined ? unknown : ",
    to: "host === undefined ? { hosts: [], paths: [] } : ",
    tests: [remoteClaims],
  },
  {
    id: "claim-transport",
    from: "if (/^[a-z0-9][a-z0-9+.-]*:(?::|\\/\\/)/i.test(text)) return undefined;",
    to: "",
    tests: [remoteClaims],
  },
  {
    id: "git-again",
    from: "(await stamp(before.files)) === before.stamp",
    to: "true",
    tests: [gitAgain],
  },
  {
    id: "follow-unknown",
    from: 'if (found.kind === "unknown") return found;',
    to: 'if (found.kind === "unknown") return known({ path, isWhole: true });',
    tests: [locateProperty, failingDisks, repositories],
  },
];
