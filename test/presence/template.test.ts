import { expect, test } from "bun:test";
import { array, assert, constantFrom, property, record, string } from "fast-check";
import { fillLine } from "../../src/presence/line.ts";
import { parseTemplate, type Values, variables } from "../../src/presence/template.ts";

const some: Values = {
  activity: "Editing",
  target: "session.ts",
  project: "cdp",
  model: "GPT-5.5",
};

function fill(template: string, values: Values = some, max = 128): string {
  return fillLine(parseTemplate(template), values, max);
}

test.each<[string, string, string]>([
  ["values in text", "{activity} {target} in {project}", "Editing session.ts in cdp"],
  ["any case and space", "{ Activity }", "Editing"],
  ["an empty part and its separator", "{project} · {branch} · {model} {effort}", "cdp · GPT-5.5"],
  ["an empty first part", "{branch} · {model}", "GPT-5.5"],
  ["an empty last part", "{model} | {branch}", "GPT-5.5"],
  ["nothing known", "{branch} · {effort}", ""],
  ["an empty part takes its words along", "{project} - on {branch} - {model}", "cdp - GPT-5.5"],
  ["text between separators stays", "Codex · {branch} · beta", "Codex · beta"],
  ["separators of other kinds", "{project}, {branch}, {model}", "cdp, GPT-5.5"],
  ["a hyphen in a word separates nothing", "pre-{branch}{project}-x", "pre-cdp-x"],
  ["a bracket that is filled", "{activity}[ in {project}]", "Editing in cdp"],
  ["a bracket that is not", "{activity}[ on {branch}]", "Editing"],
  ["a bracket filled in part", "{activity}[ {project} {branch}]", "Editing"],
  ["brackets in brackets", "[{project}[ ({branch})][ {model}]]", "cdp GPT-5.5"],
  ["a separator in a bracket", "{project}[ · {branch}][ · {model}]", "cdp · GPT-5.5"],
  ["brackets around no variable are text", "[WIP] {project}", "[WIP] cdp"],
  ["escaped", "\\[{project}\\] \\{x\\}", "[cdp] {x}"],
  ["a lone opening bracket", "{project} [x", "cdp [x"],
  ["a lone closing bracket", "{project}] }", "cdp] }"],
  ["a lone brace", "{project} {", "cdp {"],
  ["an unknown variable is empty", "{project} · {colour}", "cdp"],
  ["names of every object", "{constructor}{__proto__}{project}", "cdp"],
])("%s", (_, template, expected) => {
  expect(fill(template)).toBe(expected);
});

test.each<[string, readonly string[]]>([
  ["{project} · [{branch}]", []],
  ["[WIP] {project}", []],
  ["{colour}", ["{colour} is not known"]],
  ["[{project}", ['"[" has no counterpart']],
  ["{project}]", ['"]" has no counterpart']],
  ["{project", ['"{" has no counterpart']],
])("problems of %s", (template, expected) => {
  const { problems } = parseTemplate(template);
  expect(problems.length).toBe(expected.length);
  for (const [index, problem] of expected.entries()) expect(problems[index]).toStartWith(problem);
});

test.each<[string, number, string]>([
  ["{project} · {model} · {activity}", 100, "cdp · GPT-5.5 · Editing"],
  ["{project} · {model} · {activity}", 15, "cdp · Editing"],
  ["{project} · {model} · {activity}", 9, "Editing"],
  ["{project}[ with {model}]", 10, "cdp"],
  ["{model} · [{project}]", 9, "cdp"],
  ["my words · {activity}", 10, "my words"],
])("%s in %p: the least important part goes first", (template, max, expected) => {
  expect(fill(template, some, max)).toBe(expected);
});

test("what cannot lose a part is left for the cut", () => {
  expect(fill("{activity} of {project}", some, 5)).toBe("Editing of cdp");
  expect(fill("[{project}]", some, 2)).toBe("cdp");
});

test("any template of any pieces ends, with no separator at either end", () => {
  const piece = constantFrom(...variables.map((name) => `{${name}}`), " · ", ", ", "[", "]", "x");
  const values = record(Object.fromEntries(variables.map((name) => [name, constantFrom("", "v")])));
  assert(
    property(array(piece, { maxLength: 40 }), values, (pieces, given) => {
      expect(fill(pieces.join(""), given)).not.toMatch(/^[·,]|[·,]$|[·,]\s*[·,]/);
    }),
    { numRuns: 500 },
  );
  assert(
    property(string({ unit: "binary", maxLength: 600 }), (template) => {
      expect(fill(template).length).toBeLessThan(2000);
    }),
  );
});
