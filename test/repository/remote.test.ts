import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { parseRemote } from "../../src/repository/remote.ts";

/** `host owner name page`; "-" stands for none; "!" at the end for credentials. */
function told(address: string): string | undefined {
  const remote = parseRemote(address);
  if (remote === undefined) return undefined;
  const { host, owner = "-", name, https = "-", credentials } = remote;
  return [host, owner, name, https, ...(credentials ? ["!"] : [])].join(" ");
}

const demo = "github.com octo demo https://github.com/octo/demo";
const self = "git.example.com octo demo https://git.example.com/octo/demo";

const addresses: readonly (readonly [string, string | undefined])[] = [
  // Every form of the same repository.
  ["https://github.com/octo/demo.git", demo],
  ["https://github.com/octo/demo", demo],
  ["https://github.com/octo/demo/", demo],
  ["https://github.com/octo/demo.git///", demo],
  ["https://github.com//octo//demo.git", demo],
  ["  https://github.com/octo/demo.git\n", demo],
  ["HTTPS://GitHub.com/octo/demo.GIT", demo],
  ["https://www.github.com/octo/demo", demo],
  ["https://github.com:443/octo/demo", demo],
  ["https://github.com./octo/demo", demo],
  ["http://github.com/octo/demo", demo],
  ["git://github.com/octo/demo.git", demo],
  ["git://github.com:9418/octo/demo.git", demo],
  ["ssh://git@github.com/octo/demo.git", demo],
  ["ssh://github.com/octo/demo.git", demo],
  ["ssh://git@github.com:22/octo/demo.git", demo],
  ["ssh://git@ssh.github.com:443/octo/demo.git", demo],
  ["git+ssh://git@github.com/octo/demo.git", demo],
  ["ssh+git://git@github.com/octo/demo.git", demo],
  ["git@github.com:octo/demo.git", demo],
  ["git@github.com:/octo/demo.git", demo],
  ["github.com:octo/demo", demo],
  ["org-123@github.com:octo/demo.git", demo],
  ["git@github.com-work:octo/demo.git", demo],
  ["https://git@github.com/octo/demo", demo],
  ["https://octo@github.com/octo/demo", demo],
  // Names of one's own ssh settings.
  ["git@work:octo/demo.git", "work octo demo -"],
  ["work:octo/demo.git", "work octo demo -"],
  ["gh:octo/demo", "gh octo demo -"],
  // Groups, accounts, other forges.
  ["git@gitlab.com:a/b/c/demo.git", "gitlab.com a/b/c demo https://gitlab.com/a/b/c/demo"],
  ["ssh://git@altssh.gitlab.com:443/a/demo.git", "gitlab.com a demo https://gitlab.com/a/demo"],
  ["git@bitbucket.org:octo/demo.git", "bitbucket.org octo demo https://bitbucket.org/octo/demo"],
  ["git@git.sr.ht:~octo/demo", "git.sr.ht ~octo demo https://git.sr.ht/~octo/demo"],
  ["https://git.sr.ht/~octo/demo", "git.sr.ht ~octo demo https://git.sr.ht/~octo/demo"],
  ["git@git.example.com:octo/demo.git", self],
  ["gitea@git.example.com:octo/demo.git", self],
  ["ssh://git@git.example.com:2222/octo/demo.git", self],
  ["https://git.example.com/octo/demo.git", self],
  [
    "https://git.example.com:8443/octo/demo.git",
    "git.example.com octo demo https://git.example.com:8443/octo/demo",
  ],
  [
    "https://git.example.com/octo/c++%20tools",
    "git.example.com octo c++ tools https://git.example.com/octo/c++%20tools",
  ],
  // Bitbucket Data Center.
  [
    "https://git.example.com/scm/PROJ/demo.git",
    "git.example.com PROJ demo https://git.example.com/projects/PROJ/repos/demo",
  ],
  [
    "https://git.example.com/bitbucket/scm/~octo/demo.git",
    "git.example.com ~octo demo https://git.example.com/bitbucket/users/octo/repos/demo",
  ],
  ["ssh://git@git.example.com:7999/PROJ/demo.git", "git.example.com PROJ demo -"],
  // Azure DevOps.
  [
    "https://dev.azure.com/org/My%20Project/_git/demo",
    "dev.azure.com org/My Project demo https://dev.azure.com/org/My%20Project/_git/demo",
  ],
  [
    "https://org@dev.azure.com/org/proj/_git/demo",
    "dev.azure.com org/proj demo https://dev.azure.com/org/proj/_git/demo",
  ],
  [
    "https://dev.azure.com/org/_git/demo",
    "dev.azure.com org demo https://dev.azure.com/org/_git/demo",
  ],
  [
    "git@ssh.dev.azure.com:v3/org/proj/demo",
    "dev.azure.com org/proj demo https://dev.azure.com/org/proj/_git/demo",
  ],
  [
    "org@vs-ssh.visualstudio.com:v3/org/proj/demo",
    "dev.azure.com org/proj demo https://dev.azure.com/org/proj/_git/demo",
  ],
  [
    "https://org.visualstudio.com/DefaultCollection/proj/_git/demo",
    "dev.azure.com org/proj demo https://dev.azure.com/org/proj/_git/demo",
  ],
  [
    "ssh://org@org.visualstudio.com:22/DefaultCollection/proj/_ssh/demo",
    "dev.azure.com org/proj demo https://dev.azure.com/org/proj/_git/demo",
  ],
  [
    "https://tfs.example.com/tfs/Main/proj/_git/demo",
    "tfs.example.com tfs/Main/proj demo https://tfs.example.com/tfs/Main/proj/_git/demo",
  ],
  // Servers that show no page, or none that we know of.
  ["http://git.example.com:3000/octo/demo", "git.example.com octo demo -"],
  ["git://git.example.com/octo/demo", "git.example.com octo demo -"],
  ["me@box.example.com:work/demo.git", "box.example.com work demo -"],
  ["git@box.example.com:/srv/git/demo.git", "box.example.com srv/git demo -"],
  ["git@box.example.com:demo.git", "box.example.com - demo -"],
  ["https://git.example.com/demo.git", "git.example.com - demo -"],
  ["ssh://git@box.example.com/~/demo.git", "box.example.com - demo -"],
  ["ssh://nas/volume1/git/demo/.git", "nas volume1/git demo -"],
  ["https://localhost/octo/demo", "localhost octo demo -"],
  ["https://git.lan/octo/demo", "git.lan octo demo -"],
  ["https://192.168.0.7/octo/demo", "192.168.0.7 octo demo -"],
  ["ssh://git@[::1]:2222/octo/demo.git", "[::1] octo demo -"],
  ["git@[fe80::1]:octo/demo.git", "[fe80::1] octo demo -"],
  ["https://[https://x.y", undefined],
  ["ssh://[::1/octo/demo", undefined],
  ["git@[work]:octo/demo", undefined],
  // Passwords and tokens, encoded or not.
  ["https://octo:hunter2@github.com/octo/demo.git", `${demo} !`],
  ["https://ghp_abcdef@github.com/octo/demo.git", `${demo} !`],
  ["https://x-access-token:ghp_abcdef@github.com/octo/demo", `${demo} !`],
  ["https://octo:p@ss@github.com/octo/demo.git", `${demo} !`],
  ["ssh://git:hunter2@github.com/octo/demo.git", `${demo} !`],
  ["https://github.com/octo/demo.git?token=hunter2", `${demo} !`],
  ["https://github.com/octo/demo#hunter2", `${demo} !`],
  ["https://octo:hun/ter2@github.com/octo/demo.git", undefined],
  ["https://hun/ter2@github.com/octo/demo.git", undefined],
  ["https://octo:hun#ter2@github.com/octo/demo.git", undefined],
  ["https://hunter2/a?b@github.com/octo/demo.git", undefined],
  ["octo:hunter2@github.com:octo/demo.git", undefined],
  ["https://github.com/octo%3Ahunter2%40/demo.git", undefined],
  // Paths, on this machine or in its network.
  ["/srv/git/demo.git", undefined],
  ["./demo", undefined],
  ["../demo.git", undefined],
  ["./host:octo/demo", undefined],
  ["demo", undefined],
  ["file:///srv/git/demo.git", undefined],
  ["file:/srv/git/demo.git", undefined],
  ["C:\\repos\\demo", undefined],
  ["C:/repos/demo.git", undefined],
  ["c:demo", undefined],
  ["\\\\server\\share\\demo.git", undefined],
  ["//server/share/demo.git", undefined],
  // Nothing that names a repository.
  ["", undefined],
  [".", undefined],
  ["https://", undefined],
  ["https://github.com", undefined],
  ["https://github.com/", undefined],
  ["https://github.com/.git", undefined],
  ["https://github.com/../demo", undefined],
  ["https://github.com/octo/%2e%2e", undefined],
  ["https://github.com/octo/%", undefined],
  ["https://github.com:port/octo/demo", undefined],
  ["https://git hub.com/octo/demo", undefined],
  ["https://гитхаб.рф/octo/demo", undefined],
  ["ext::sh -c whoami% %S", undefined],
  ["codecommit::us-east-1://demo", undefined],
  ["ftp://example.com/octo/demo", undefined],
  ["https:/github.com/octo/demo", undefined],
  ["https://github.com/octo/de\u202emo", undefined],
  ["https://github.com/octo/de\u0007mo", undefined],
  ["https://github.com/octo/de%0amo", undefined],
  ["https://github.com/octo/de%1b[31mmo", undefined],
  [`https://github.com/octo/${"x".repeat(101)}`, undefined],
  [`https://github.com/${"x/".repeat(30)}demo`, undefined],
];

test.each(addresses)("the remote %j is %p", (address, expected) => {
  expect(told(address)).toBe(expected as string);
});

// What takes quadratic time does not end within the limit of a test.
test("an address of any length is read in linear time", () => {
  for (const text of ["a", "/", ":", "@", "[", "a/", "a:", "@:", "%", "a@"]) {
    for (const head of ["", "https://", "ssh://", "git@host:"]) {
      parseRemote(head + text.repeat(1000));
      expect(parseRemote(head + text.repeat(1_000_000))).toBeUndefined();
    }
  }
}, 60_000);

const part = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,20}[a-z]$/).filter((s) => !s.endsWith(".git"));
const secret = fc
  .tuple(fc.string({ unit: "binary", maxLength: 8 }), fc.string({ maxLength: 8 }))
  .map(([before, after]) => `${before}S3cr3t${after}`);
interface Parts {
  readonly user: string;
  readonly word: string;
  readonly rest: string;
}
const shape = fc.constantFrom(
  ({ user, word, rest }: Parts) => `https://${user}:${word}@${rest}`,
  ({ word, rest }: Parts) => `http://${word}@${rest}`,
  ({ user, word, rest }: Parts) => `ssh://${user}:${word}@${rest}`,
  ({ user, word, rest }: Parts) => `git://${user}:${word}@${rest}`,
  ({ word, rest }: Parts) => `https://${encodeURI(word)}:x-oauth@${rest}`,
  ({ user, word, rest }: Parts) => `${user}:${word}@${rest.replace("/", ":")}`,
  ({ word, rest }: Parts) => `https://${rest}?access_token=${word}`,
  ({ word, rest }: Parts) => `https://${rest}.git#${word}`,
);

test("no password or token comes out again", () => {
  fc.assert(
    fc.property(shape, part, secret, part, part, (build, user, word, owner, name) => {
      const rest = `github.com/${owner}/${name}`;
      const address = build({ user, word: word.toWellFormed(), rest });
      const remote = parseRemote(address);
      expect(JSON.stringify(remote ?? "").toLowerCase()).not.toInclude("s3cr3t");
      expect(remote?.credentials ?? true).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("any text gives nothing, or parts that can be shown", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(
        fc.constantFrom(
          "https://",
          "ssh://",
          "git@",
          "host",
          ":",
          "/",
          "@",
          "%",
          "..",
          "é",
          "[",
          "]",
          "~",
          "22",
          "x.y",
          " ",
          "\n",
          ".git",
          "?",
          "#",
        ),
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (address) => {
      const remote = parseRemote(address);
      if (remote === undefined) return;
      const { host, owner = "x", name, https } = remote;
      expect(host).toMatch(/^(?:[a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\])$/);
      expect(`${owner}/${name}`).not.toMatch(/[@:?#\p{C}\p{Zl}\p{Zp}]|(?:^|\/)\.{0,2}(?:\/|$)/u);
      if (https !== undefined) expect(new URL(https).href).toBe(https);
    }),
    { numRuns: 2000 },
  );
});

test("the same repository by https and by ssh is the same", () => {
  fc.assert(
    fc.property(part, part, (owner, name) => {
      const { https, ...place } = parseRemote(`https://github.com/${owner}/${name}.git`) ?? {};
      expect(parseRemote(`git@github.com:${owner}/${name}.git`)).toMatchObject(place);
      expect(https).toBe(`https://github.com/${owner}/${name}`);
    }),
  );
});
