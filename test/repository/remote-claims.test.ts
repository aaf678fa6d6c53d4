import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { remoteRuleHolds } from "../../src/presence/remote-rules.ts";
import { claimOf, claimsOf } from "../../src/repository/remote-claims.ts";

/** Which of four rules hold: for its repository, another one, its host, another one. */
function holding(address: string): string {
  const remotes = [claimOf(address)];
  const rules = {
    repo: { repo: "octo/*" },
    "any-repo": { repo: "else/where" },
    host: { host: "*.acme.example" },
    "any-host": { host: "else.example" },
  };
  return Object.entries(rules)
    .filter(([, rule]) => remoteRuleHolds(rule, remotes) !== undefined)
    .map(([name]) => name)
    .join(" ");
}

const certain = "repo host";
const hostOnly = "repo any-repo host";
const nothing = "repo any-repo host any-host";

test.each<[string, string]>([
  // All that is understood.
  ["https://git.acme.example/octo/demo.git", certain],
  ["https://git.acme.example/octo/demo///", certain],
  ["HTTPS://GIT.ACME.EXAMPLE/OCTO/DEMO.GIT", certain],
  ["https://git.acme.example./octo/demo", certain],
  ["https://git.acme.example:8443/octo/demo", certain],
  ["https://me:pw@git.acme.example/octo/demo", certain],
  ["https://git.acme.example/%6fcto/demo", certain],
  ["git@git.acme.example:octo/demo.git", certain],
  ["ssh://git@git.acme.example:2222/octo/demo.git", certain],
  ["git://git.acme.example/octo/demo", certain],
  ["https://git.acme.example/scm/octo/demo.git", certain],
  ["git@git.acme.example:~octo/demo", certain],
  ["https://git.acme.example/~octo/demo", certain],
  // A folder of the server may stand in front.
  ["git@git.acme.example:/srv/git/octo/demo.git", certain],
  ["https://git.acme.example/gitlab/octo/demo", certain],
  ["https://git.acme.example/git/scm/octo/demo.git", certain],
  ["https://git.acme.example/a/octo/demo.git.git", certain],
  // The host is certain, the path is not.
  ["https://git.acme.example/@team/demo", hostOnly],
  ["git@git.acme.example:@team/demo", hostOnly],
  ["https://git.acme.example/x/../octo/demo", hostOnly],
  ["https://git.acme.example/./octo/demo", hostOnly],
  ["https://git.acme.example/%2e%2e/octo/demo", hostOnly],
  ["https://git.acme.example/octo%2Fdemo", hostOnly],
  ["https://git.acme.example/octo/%", hostOnly],
  ["https://git.acme.example/octo/a%25b", hostOnly],
  ["https://git.acme.example/a#octo/demo", hostOnly],
  ["https://git.acme.example/octo/demo#main", hostOnly],
  ["https://git.acme.example/octo/demo?x=1", hostOnly],
  ["https://git.acme.example/oc:to/demo", hostOnly],
  [`https://git.acme.example/octo/${"x".repeat(101)}`, hostOnly],
  [`https://git.acme.example/${"x/".repeat(30)}demo`, hostOnly],
  [`https://git.acme.example/octo/${"x".repeat(5000)}`, hostOnly],
  ["https://git.acme.example", hostOnly],
  ["https://git.acme.example/", hostOnly],
  ["https://git.acme.example/.git", hostOnly],
  ["git@git.acme.example:", hostOnly],
  ["ssh://git@git.acme.example/~/demo", hostOnly],
  ["git@git.acme.example:~/demo", hostOnly],
  ["ftp://git.acme.example/octo/demo", hostOnly],
  ["ftps://git.acme.example/octo/demo", hostOnly],
  ["rsync://git.acme.example/octo/demo", hostOnly],
  ["svn+ssh://me@git.acme.example/octo/demo", hostOnly],
  ["svn://git.acme.example/octo/demo", hostOnly],
  ["https://git.acme.example/octo/de\u202emo", hostOnly],
  ["https://git.acme.example/octo\\demo", hostOnly],
  // Nothing is certain.
  ["hg::https://git.acme.example/octo/demo", nothing],
  ["ext::ssh git.acme.example %S octo/demo", nothing],
  ["git.acme.example::octo/demo", nothing],
  ["codecommit::eu-central-1://octo", nothing],
  ["codecommit://octo", nothing],
  ["persistent-https://git.acme.example/octo/demo", nothing],
  ["https:/git.acme.example/octo/demo", nothing],
  ["https://me:p/w@git.acme.example/octo/demo", nothing],
  ["me:pw@git.acme.example:octo/demo", nothing],
  ["https://git.acme.example?/octo/demo", nothing],
  ["https://git.acme.example\\@else.example/octo/demo", nothing],
  ["https://git%2eacme.example/octo/demo", nothing],
  ["https://git.acme.example:port/octo/demo", nothing],
  ["https://git.acme.example../octo/demo", nothing],
  ["https://[::1/octo/demo", nothing],
  // In brackets stands a name with a port, though its letters are all hexadecimal.
  ["[cafe.acme.example:22]:octo/demo", nothing],
  ["[cafe.de:22]:octo/demo", nothing],
  ["git@[beef:22]:octo/demo", nothing],
  ["[10.0.0.7:22]:octo/demo", nothing],
  ["git.acme.example", nothing],
  ["demo", nothing],
  ["../demo.git", nothing],
  ["/srv/git/octo/demo.git", nothing],
  ["file:///srv/git/octo/demo.git", nothing],
  ["C:\\git\\octo\\demo", nothing],
  ["C:/git/octo/demo", nothing],
  ["//server/share/demo.git", nothing],
  ["https://git.acme.example/octo/d\uFFFDmo", nothing],
])("the address %j: %s", (address, rules) => {
  expect(holding(address)).toBe(rules);
});

test.each<[string, string]>([
  // The ssh settings or the search domain decide what such a host means.
  ["git@work:octo/demo", "repo any-host host"],
  ["https://git/octo/demo", "repo any-host host"],
  ["ssh://git@localhost:2222/octo/demo", "repo any-host host"],
  ["git@git.acme.example-work:octo/demo", "repo any-host host"],
  ["https://0x7f.1/octo/demo", "repo any-host host"],
  // These are addresses by themselves.
  ["https://10.0.0.7/octo/demo", "repo"],
  ["https://[2001:db8::7]/octo/demo", "repo"],
  ["https://git.other.example/octo/demo", "repo"],
  ["git@github.com:other/demo", ""],
  ["https://gitlab.com/other/octo/demo", ""],
  ["ssh://git@[cafe.de]:22/octo/demo", "any-repo repo"],
])("the host of %j: %p", (address, rules) => {
  expect(holding(address).split(" ").toSorted().join(" ")).toBe(
    rules.split(" ").toSorted().join(" "),
  );
});

test.each<[object, string]>([
  [{ host: "ssh.github.com" }, "ssh://git@ssh.github.com:443/octo/demo"],
  [{ host: "github.com" }, "ssh://git@ssh.github.com:443/octo/demo"],
  [{ host: "github.com-work" }, "git@github.com-work:octo/demo"],
  [{ host: "github.com" }, "git@github.com-work:octo/demo"],
  [{ host: "github.com." }, "https://github.com/octo/demo"],
  [{ host: "git.acme.example:8443" }, "https://git.acme.example:8443/octo/demo"],
  [{ host: "git.acme.example:8443" }, "https://git.acme.example:8443/@octo/demo"],
  [{ host: "*.visualstudio.com" }, "https://org.visualstudio.com/proj/_git/demo"],
  [{ host: "dev.azure.com" }, "git@ssh.dev.azure.com:v3/org/proj/demo"],
  [{ host: "github.com" }, "ssh://git@ssh.github.com:443/@octo/demo"],
  [{ host: "dev.azure.com" }, "git@ssh.dev.azure.com:v9/org"],
  [{ host: "dev.azure.com" }, "https://org.visualstudio.com/@proj"],
  [{ repo: "org/proj/demo" }, "git@ssh.dev.azure.com:v3/org/proj/demo"],
  [{ repo: "PROJ/demo" }, "https://git.example.com/scm/proj/demo.git"],
  [{ repo: "scm/proj/*" }, "https://git.example.com/scm/proj/demo.git"],
  [{ repo: "octo/demo.git" }, "https://github.com/octo/demo"],
  [{ repo: "octo/demo" }, "https://github.com/octo/demo.git.git"],
  [{ repo: "octo/demo" }, "https://github.com/octo/demo.wiki.git"],
  [{ repo: "/octo/demo/" }, "https://github.com/octo/demo"],
  [{ repo: "github.com/octo/*" }, "git@github.com:octo/demo.git"],
  [{ repo: "octo/*" }, "git@git.sr.ht:~octo/demo"],
  [{ host: "müller.example" }, "https://m\u00fcller.example/octo/demo"],
  [{ host: "xn--mller-kva.example" }, "https://m\u00fcller.example/octo/demo"],
  [{ host: "*.müller.example" }, "https://git.xn--mller-kva.example/octo/demo"],
  [{ host: "github.com" }, "https://\uff47ithub.com/octo/demo"],
  [{ repo: "octo/demo" }, "https://\uff47ithub.com/octo/demo"],
  [{ host: "2001:db8::7" }, "https://[2001:db8:0:0::7]/octo/demo"],
  [{ host: "[2001:db8::7]" }, "https://[2001:db8::7]:8443/octo/demo"],
])("the rule %j holds for %s", (rule, address) => {
  const remotes = [claimOf(address)];
  expect(remoteRuleHolds(rule, remotes)).toBeDefined();
});

test.each<[object, string]>([
  [{ repo: "demo" }, "https://github.com/octo/demo"],
  [{ repo: "b/c" }, "https://gitlab.com/a/b/c"],
  [{ host: "github.com" }, "https://github.com.evil.example/octo/demo"],
  [{ host: "hub.com" }, "https://github.com/octo/demo"],
  [{ host: "müller.example" }, "https://github.com/octo/demo"],
  [{}, "demo"],
])("the rule %j does not hold for %s", (rule, address) => {
  const remotes = [claimOf(address)];
  expect(remoteRuleHolds(rule, remotes)).toBeUndefined();
});

test("without remotes no rule holds", () => {
  expect(remoteRuleHolds({ repo: "*", host: "*" }, [])).toBeUndefined();
});

test("an address that git rewrites counts as written only where it is clear", () => {
  const used = ["https://mirror.example/gh/octo/demo"];
  const written = ["gh:octo/demo", "https://github.com/octo/demo"];
  expect(claimsOf({ used, written })).toEqual([
    claimOf("https://mirror.example/gh/octo/demo"),
    claimOf("https://github.com/octo/demo"),
  ]);
});

test("an address of any kind and length has a claim, at once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const { hosts, paths } = claimOf(text);
      expect(hosts === undefined || hosts.length > 0).toBe(true);
      expect(paths === undefined || paths.length > 0).toBe(true);
    }),
  );
  for (const unit of ["a", "/", ":", "@", "[", "a.", "%", "~/", "../", "é"]) {
    for (const head of ["", "https://", "ssh://a@", "git@host:", "x::"]) {
      claimOf(head + unit.repeat(1_000_000));
    }
  }
});
