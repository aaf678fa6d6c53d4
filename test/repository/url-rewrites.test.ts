import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RemotesQuestion } from "../../src/repository/ask-remotes.ts";
import { readConfigList } from "../../src/repository/git-answers.ts";
import { addressesIn } from "../../src/repository/remote-addresses.ts";
import { submoduleAddresses } from "../../src/repository/submodule-urls.ts";
import { rewrittenBy, rewritesIn } from "../../src/repository/url-rewrites.ts";
import { type GitStage, gitStage } from "./git-stage.ts";

let stage: GitStage;
let question: RemotesQuestion;
beforeAll(() => {
  stage = gitStage();
  question = stage.repository("r");
});
afterAll(() => stage[Symbol.dispose]());

const list = ["config", "--list", "-z", "--show-scope", "--show-origin"] as const;

/** What git lists of a config, by our own reader. */
function listed(config: string) {
  writeFileSync(join(question.gitFolder, "config"), config);
  return readConfigList(stage.git(question.root, ...list)) ?? [];
}

// Few pieces, so that prefixes meet, nest and are equal.
const url = fc
  .array(fc.constantFrom("a", "b", "ab:", "https://", "/", "x.example/"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((pieces) => pieces.join(""));
const maybe = fc.oneof({ weight: 5, arbitrary: url }, { weight: 1, arbitrary: fc.constant("") });
const rule = fc.tuple(fc.constantFrom("insteadOf", "pushInsteadOf"), maybe, maybe);
const remote = fc.tuple(
  fc.array(url, { minLength: 1, maxLength: 3 }),
  fc.array(url, { maxLength: 2 }),
);

test("addresses are rewritten as git itself does it", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), remote, url, (rules, [urls, pushUrls], other) => {
      const config = [
        ...rules.map(([key, base, prefix]) => `[url "${base}"]\n\t${key} = "${prefix}"`),
        '[remote "r"]',
        ...urls.map((each) => `\turl = ${each}`),
        ...pushUrls.map((each) => `\tpushurl = ${each}`),
        `[branch "x"]\n\tremote = ${other}\n`,
      ].join("\n");
      const values = listed(config);
      const ask = (...args: readonly string[]): readonly string[] =>
        stage
          .git(question.root, ...args)
          .trim()
          .split("\n");
      const instead = rewritesIn(values, "insteadof");
      // `other` may begin like an option, or be the name of the remote.
      expect([rewrittenBy(instead, other) ?? other]).toEqual([
        ...ask("ls-remote", "--get-url", other),
      ]);
      const found = addressesIn({ config: values, legacy: [], modules: [], branch: undefined });
      if (found.kind === "unknown") throw new Error(found.reason);
      const theirs = new Set([
        ...ask("remote", "get-url", "--all", "r"),
        ...ask("remote", "get-url", "--all", "--push", "r"),
        ...ask("ls-remote", "--get-url", other),
      ]);
      // A rule may leave nothing of an address; then there is none.
      theirs.delete("");
      for (const address of theirs) expect(found.used).toContain(address);
      // And no others, but for where the branch's own address is pushed to.
      const pushed = rewrittenBy(rewritesIn(values, "pushinsteadof"), other);
      expect(found.used.filter((each) => !theirs.has(each) && each !== pushed)).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test("of two prefixes of one length the base that is named first counts", () => {
  const config =
    '[url "one:"]\n\tinsteadOf = x:\n[url "two:"]\n\tinsteadOf = x:\n\tinsteadOf = x:a\n[url "one:"]\n\tinsteadOf = x:a\n';
  const rewrites = rewritesIn(listed(config), "insteadof");
  for (const address of ["x:b", "x:ab", "x:", "y:"]) {
    const theirs = stage.git(question.root, "ls-remote", "--get-url", address).trim();
    expect(rewrittenBy(rewrites, address) ?? address).toBe(theirs);
  }
});

test("more rules than can be applied at once make the addresses unknown", () => {
  const rules = (n: number) =>
    Array.from({ length: n }, (_, at) => ({
      section: "url",
      subsection: `b${at}`,
      key: at % 2 === 0 ? "insteadof" : "pushinsteadof",
      value: `p${at}`,
    }));
  const of = (n: number) =>
    addressesIn({ config: rules(n), legacy: [], modules: [], branch: undefined });
  expect(of(256).kind).toBe("known");
  expect(of(257).kind).toBe("unknown");
});

test.each<[string, string, string]>([
  ["../b", "git@github.com:acme/app.git", "git@github.com:acme/b"],
  ["../../x/b", "git@github.com:acme/app.git", "git@github.com:x/b"],
  ["./b", "https://github.com/acme/app/", "https://github.com/acme/app/b"],
  ["../../../b", "https://github.com/acme/app", "https://b"],
  ["../../../../../b", "app", "../../../../../b"],
  ["https://x.example/b", "https://github.com/acme/app", "https://x.example/b"],
  ["../b/", "https://github.com/acme/app", "https://github.com/acme/b"],
])("the submodule at %s of %s is at %s", (relative, base, expected) => {
  expect(submoduleAddresses(relative, [base])).toEqual([expected]);
  expect(submoduleAddresses(relative, [])).toEqual([relative]);
});
