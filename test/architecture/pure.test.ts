import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const sources = [...new Bun.Glob("src/**/*.ts").scanSync(root)].toSorted();

interface LintConfig {
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, unknown>>;
  }[];
}

const lint = (await Bun.file(join(root, ".oxlintrc.json")).json()) as LintConfig;
const edges = lint.overrides
  .filter(({ rules }) => rules["import/no-nodejs-modules"] === "off")
  .flatMap(({ files }) => files.map((pattern) => new Bun.Glob(pattern)));
const isEdge = (path: string) => edges.some((glob) => glob.match(path));

const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const offenders = (paths: readonly string[], pattern: RegExp) =>
  paths.filter((path) => pattern.test(textOf(path)));

test("the sources are found, and most of them are pure", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(isEdge).length).toBeLessThan(sources.length / 2);
});

test("what the linter cannot see: a pure file takes the time as an argument", () => {
  const pure = sources.filter((path) => !isEdge(path));
  expect(offenders(pure, /new Date\(\)/)).toEqual([]);
});

test("no escape character is written outside terminal/ansi", () => {
  const others = sources.filter((path) => path !== "src/terminal/ansi.ts");
  // The readers of what is typed match escapes in patterns; they write none.
  const readers = new Set(["src/wrapper/suspend.ts"]);
  const literal = /\\x1b|\\u001b|\\u\{1b\}|\\033/i;
  expect(
    offenders(
      others.filter((path) => !readers.has(path)),
      literal,
    ),
  ).toEqual([]);
});

test("nothing is exempted from the linter line by line in an edge's name", () => {
  expect(offenders(sources, /oxlint-disable.*(?:no-nodejs-modules|no-restricted)/)).toEqual([]);
});
