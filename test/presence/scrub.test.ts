import { expect, test } from "bun:test";
import { array, assert, constantFrom, property, string } from "fast-check";
import { readable, scrubberFor } from "../../src/presence/scrub.ts";

const ann = { words: [], home: "/home/ann", names: ["ann", "Ann Lee"] };
const { fact, line } = scrubberFor(ann);
const digits = "0123456789abcdefABCDEF0123456789abcd";

test.each<[string, string, string | undefined]>([
  ["plain", "session.ts", "session.ts"],
  ["a branch", "feature/add-ipv6-support", "feature/add-ipv6-support"],
  ["a bot's branch", "dependabot/npm_and_yarn/types-5.4.5", "dependabot/npm_and_yarn/types-5.4.5"],
  ["a command", "npm test", "npm test"],
  [
    "words that begin like keys",
    "highs_Count10 task-1-of-3 sk-learn",
    "highs_Count10 task-1-of-3 sk-learn",
  ],
  ["C++", "std::vector", "std::vector"],
  ["a version", "v5.4.5-beta.2", "v5.4.5-beta.2"],
  [
    "a long name",
    "MyVeryLongComponentNameForTheDashboardV2.tsx",
    "MyVeryLongComponentNameForTheDashboardV2.tsx",
  ],
  ["control characters", "a\u0000b\u001b[31mc\nd", "a b [31mc d"],
  ["bidi", "abc\u202Etxt.exe\u2066x\u2069", "abctxt.exex"],
  ["zero width", "a\u200Bb\u200Dc\uFEFFd\u2060e\u00ADf", "abcdef"],
  ["tags and fillers", "a\u{E0041}\u3164\u115Fb", "ab"],
  ["only invisible", "\u200B\u200D\u2066", undefined],
  ["a family stays one picture", "👨‍👩‍👧 x", "👨‍👩‍👧 x"],
  ["a heap of accents", `e${"\u0301".repeat(50)}`, `e${"\u0301".repeat(4)}`],
  ["a lone surrogate", "a\uD800b", "a\uFFFDb"],
])("%s", (_, given, expected) => {
  expect(fact(given)).toBe(expected as string);
});

test.each<[string, string]>([
  ["OpenAI", `sk-proj-${digits}`],
  ["Anthropic", `sk-ant-api03-${digits}`],
  ["Stripe", `sk_live_${digits}`],
  ["GitHub", `ghp_${digits}`],
  ["GitHub, cut off", "ghp_0123456789"],
  ["GitHub, fine-grained", `github_pat_${digits}`],
  ["GitLab", "glpat-0123456789abcdefABCD"],
  ["Slack", "xoxb-123456789012-abcdefABCDEF"],
  ["AWS", "AKIAIOSFODNN7EXAMPLE"],
  ["Google", "AIzaSyA0123456789abcdefABCDEF0123456"],
  ["npm", `npm_${digits}`],
  ["Hugging Face", "hf_abcdefABCDEF0123456789"],
  ["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123"],
  ["a JWT, cut off", "eyJhbGciOiJIUzI1NiJ9"],
  ["a Discord bot", "MTAxMDEwMTAxMDEwMTAxMDEw.GabcDE.abcdefghijklmnopqrstuvwxyz012345"],
  ["a private key", "-----BEGIN OPENSSH PRIVATE KEY----- b3Blbn"],
  ["a password", "password=hunter2"],
  ["a key with a name", "MY_API_KEY: hunter2"],
  ["a bearer", "Bearer abcdefgh12345678"],
  ["a digest", "d41d8cd98f00b204e9800998ecf8427e"],
  ["an id", "01a20241-0981-7811-8a46-7c58e06268aa"],
  ["base64", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3"],
  ["an e-mail address", "ann.lee+x@mail.example.org"],
  ["an e-mail address in Unicode", "anné@exämple.org"],
  ["IPv4", "192.168.17.4"],
  ["IPv6", "2001:db8:0:0:0:ff00:42:8329"],
  ["IPv6, shortened", "fe80::1ff:fe23:4567:890a"],
  ["IPv6, a network's beginning", "2001:db8::"],
  ["a network card", "00:1B:44:11:3a:b7"],
])("a secret by its shape: %s", (_, secret) => {
  for (const given of [secret, `v${secret}`, `x ${secret} y`, `(${secret})`, `"${secret}"`]) {
    expect(line(given) ?? "").not.toContain(secret.slice(-8));
    expect(fact(given) ?? "").not.toContain(secret.slice(-8));
  }
  expect(line(`see ${secret}`)).toStartWith("see");
});

test.each<[string, string, string | undefined]>([
  ["a Unix path", "/srv/acme/secret/app", "app"],
  ["a path in a command", "npm --prefix /srv/acme/x test", "npm --prefix x test"],
  ["a relative path", "../../acme/x.ts", "x.ts"],
  ["a home path", "~/acme/x.ts", "x.ts"],
  ["another's home path", "~bob/acme", "acme"],
  ["the home", "/home/ann", undefined],
  ["a home alone", "C:\\Users\\bob", "bob"],
  ["a Windows path", "C:\\acme\\merger\\x.ts", "x.ts"],
  ["a Windows path with slashes", "d:/acme/x.ts", "x.ts"],
  ["a drive", "C:\\", undefined],
  ["WSL from Linux", "/mnt/c/Users/bob/x", "x"],
  ["WSL from Windows", "\\\\wsl$\\Ubuntu\\home\\bob\\x", "x"],
  ["UNC", "\\\\server\\share\\x", "x"],
  ["a device path", "\\\\?\\C:\\acme\\x", "x"],
  ["a web address", "see https://acme.example/x?token=1", "see …"],
  ["a file's address", "file:///home/bob/x", undefined],
])("paths are reduced to a name: %s", (_, given, expected) => {
  expect(fact(given)).toBe(expected as string);
});

test.each<[string, string, string]>([
  ["a home in a line", "in /home/bob/work/acme now", "in acme now"],
  ["a neighbour's home", "/home/annabel/x y", "x y"],
  ["one's own home", "/home/ann is", "~ is"],
  ["below it, as it is written", "in ~/work/acme.", "in acme."],
  ["root's", "/root/acme/x", "x"],
  ["two", "/home/bob/a /Users/eve/b", "a b"],
  ["a word that begins like root", "a/rooted", "a/rooted"],
  ["a home on Windows", "C:\\Users\\bob\\acme", "acme"],
  ["a name", "for Ann: x", "for …: x"],
  ["a name of two words", "by ann lee", "by …"],
  ["not inside of a word", "Planning", "Planning"],
])("in a finished line: %s", (_, given, expected) => {
  const said = line(given);
  expect(said).toBe(expected);
});

test("a home in an odd place", () => {
  const { line: odd } = scrubberFor({ words: [], home: "/data/p(1)/zoe", names: [] });
  expect(odd("in /data/p(1)/zoe/work/x and /data/p(1)/zoe")).toBe("in x and ~");
});

test("names that everybody has, and words of our own, are no secret", () => {
  const { line: generic } = scrubberFor({ words: [], home: "/root", names: ["editing", "user"] });
  expect(generic("Editing root of user")).toBe("Editing root of user");
});

test.each<[string, string, string | undefined]>([
  ["acme", "ACME-merger", "…-merger"],
  ["acme", "x/aCmE", "x/…"],
  ["acme", "acme", undefined],
  ["project x", "project-x and Project_X", "… and …"],
  ["straße", "STRASSE 5", "… 5"],
  ["müller", "Mu\u0308ller or Muller", "… or …"],
  ["acme", "ａｃｍｅ inc", "… inc"],
  ["acme", "a\u200Bcme inc", "… inc"],
  ["acme", "a\u0301cme inc", "… inc"],
  ["ﬁle", "profile x", "pro… x"],
  ["ΣΑΣ", "σας x", "… x"],
  [".*", "a.*b", "a…b"],
  ["project falcon", "fix/project--falcon now", "fix/… now"],
  ["project falcon", "project/falcon x", "… x"],
  ["project falcon", "Project._-FALCON x", "… x"],
  ["project falcon", "ProjectFalcon x", "… x"],
  ["project-falcon", "project\\falcon, project \u2013 falcon x", "…, … x"],
  ["project--falcon", "project falcon x", "… x"],
  ["projectFalcon", "project-falcon x", "… x"],
  ["project falcon", "project: falcon", "project: falcon"],
  ["acme.example", "acme-example x", "… x"],
  ["-x", "a--x b-xy ax", "a… b…y ax"],
  ["x.", "x. x", "…x"],
  ["-", "a-b c", "a…b c"],
  ["aa", "aaa x", "… x"],
])("the word %p in %p", (word, given, expected) => {
  expect(scrubberFor({ ...ann, words: [word] }).line(given)).toBe(expected as string);
});

test("an address is used as it is or not at all", () => {
  const { allows } = scrubberFor({ ...ann, words: ["merger"] });
  expect(allows("https://github.com/ann/site")).toBe(true);
  expect(allows("https://github.com/acme/merger")).toBe(false);
  expect(allows("https://github.com/acme/%6derger")).toBe(false);
  expect(allows("https://ann:pw@github.com/x")).toBe(false);
  expect(allows(`https://x.example/?key=ghp_${digits}`)).toBe(false);
  expect(allows("https://10.0.0.1/x")).toBe(false);
});

test.each([
  "https://cdn.discordapp.com/app-assets/1470480085453770854/1470480085453770999.png",
  "https://media.giphy.com/media/3o7aCSPqXE5C6T8tBC/giphy.gif",
  "https://avatars.githubusercontent.com/u/12345678?v=4",
  "https://i.imgur.com/aB3dE6f.png",
])("the picture at %s may be used", (url) => {
  expect(scrubberFor(ann).allows(url)).toBe(true);
});

test.each([
  `https://x.example/a.png?token=hunter2`,
  `https://x.example/a.png?sig=abc%2Fdef`,
  `https://x.example/${digits}${digits}/a.png`,
  `https://x.example/glpat-0123456789abcdefABCD.png`,
  `https://x.example/%67hp_0123456789ab.png`,
  "https://me:pw@x.example/a.png",
  "https://192.168.0.7/a.png",
  "https://x.example/ann.lee@mail.example/a.png",
  "https://x.example/a\u200Bb.png",
])("the picture at %s may not", (url) => {
  expect(scrubberFor(ann).allows(url)).toBe(false);
});

test("scrubbing twice changes nothing more, and takes no time", () => {
  const bit = constantFrom(
    ..."acme ghp_ 0123456789 eyJ @ .org /home/ C:\\ \u200B … ann sk- :: a1: = token".split(" "),
    " ",
  );
  const scrubber = scrubberFor({ ...ann, words: ["acme", "a c"] });
  assert(
    property(array(bit, { maxLength: 30 }), string(), (bits, rest) => {
      const once = scrubber.line(bits.join("") + rest) ?? "";
      expect(scrubber.line(once) ?? "").toBe(once);
    }),
    { numRuns: 1000 },
  );
}, 60_000);

test.each([
  "a",
  "1",
  "a1",
  "-",
  "ab:",
  "1.",
  "/",
  "\\",
  "a@",
  "token",
  "e\u0301",
  "👨‍",
  "…",
  "A1a",
  // What takes quadratic time does not end within the limit of a test.
])("a megabyte of %p is done in linear time", (unit) => {
  const long = unit.repeat(1_000_000 / unit.length);
  for (let i = 0; i < 10; i += 1) fact(long);
  expect(readable(long).length).toBeLessThanOrEqual(1024);
});
