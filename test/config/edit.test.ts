import { expect, test } from "bun:test";
import { array, assert, constantFrom, dictionary, oneof, property, tuple } from "fast-check";
import type { Arbitrary } from "fast-check";
import { createScanner } from "jsonc-parser";
import { parseDocument } from "../../src/config/document.ts";
import { removeKey, setFirst, setKey } from "../../src/config/edit.ts";

const paused = ["display", "paused"];

test.each<[string, string, string]>([
  ["an empty object", "{}", '{\n  "display": { "paused": true }\n}'],
  ["a value that is there", '{"display":{"paused":false}}', '{"display":{"paused":true}}'],
  [
    "the value that counts of two",
    '{"display":{"paused":1,"paused":2}}',
    '{"display":{"paused":1,"paused":true}}',
  ],
  [
    "one line",
    '{ "display": { "idle": "show" } }',
    '{ "display": { "idle": "show", "paused": true } }',
  ],
  [
    "a comment behind the last value",
    '{\n\t"display": {\n\t\t"idle": "show" // mine\n\t}\n}\n',
    '{\n\t"display": {\n\t\t"idle": "show", // mine\n\t\t"paused": true\n\t}\n}\n',
  ],
  [
    "a trailing comma and Windows line ends",
    '\uFEFF{\r\n  "display": {\r\n    "idle": "show", /* a */ // b\r\n  },\r\n}\r\n',
    '\uFEFF{\r\n  "display": {\r\n    "idle": "show", /* a */ // b\r\n    "paused": true,\r\n  },\r\n}\r\n',
  ],
  [
    "only comments",
    '{\n  "display": {\n    // later\n  }\n}\n',
    '{\n  "display": {\n    // later\n    "paused": true\n  }\n}\n',
  ],
  [
    "a comment in one line",
    '{ "a": 1 /* c */ }',
    '{ "a": 1, /* c */ "display": { "paused": true } }',
  ],
])("set: %s", (_, text, expected) => expect(setKey(text, paused, true)).toBe(expected));

test("set: a long list has a line for each entry, as deep as its place", () => {
  const rules = Array.from({ length: 3 }, (_, i) => ({ path: `/srv/${i}`, level: "private" }));
  const text = setKey('{\r\n    "a": 1\r\n}\r\n', ["privacy", "rules"], rules);
  expect(text).toContain('"privacy": {\r\n        "rules": [\r\n            {\r\n');
  expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  expect(parseDocument(text)).toMatchObject({ value: { a: 1, privacy: { rules } } });
});

test.each<[string, string, string]>([
  ["what is not there", '{ "a": 1 }', '{ "a": 1 }'],
  ["the only key", '{ "b": 1 }', "{  }"],
  ["the first", '{ "b": 1, "a": 2 }', '{ "a": 2 }'],
  ["the last", '{ "a": 2, "b": 1 }', '{ "a": 2 }'],
  ["every one of that name", '{ "b": 1, "a": 2, "b": 3 }', '{ "a": 2 }'],
  [
    "a line, not the comments around it",
    '{\n  // a\n  "a": 1, // x\n  // b\n  "b": 1\n  // c\n}\n',
    '{\n  // a\n  "a": 1 // x\n  // b\n  // c\n}\n',
  ],
  ["not the comment behind it", '{\n  "b": 1, // mine\n  "a": 2\n}', '{\n  // mine\n  "a": 2\n}'],
  ["with its trailing comma", '{\n  "a": 2,\n  "b": 1,\n}', '{\n  "a": 2,\n}'],
])("remove: %s", (_, text, expected) => expect(removeKey(text, ["b"])).toBe(expected));

test.each<[string, string, string]>([
  ["one line", '{ "a": 1 }', '{ "s": 1, "a": 1 }'],
  ["lines", '{ // mine\n  // of a\n  "a": 1\n}', '{ // mine\n  "s": 1,\n  // of a\n  "a": 1\n}'],
  ["there already", '{ "a": 1, "s": 2 }', '{ "a": 1, "s": 1 }'],
  ["nothing else", "{}", '{\n  "s": 1\n}'],
])("first: %s", (_, text, expected) => expect(setFirst(text, "s", 1)).toBe(expected));

test.each<[string, string, string]>([
  ["broken", '{\n "a": \n}', "line 3"],
  ["a list", "[]", "one object"],
  ["no object in the way", '{ "display": [] }', "display in the file is not an object"],
  ["too deep", "[".repeat(200_000), "broken"],
])("what is %s is not edited", (_, text, problem) => {
  expect(() => setKey(text, paused, true)).toThrow(problem);
  expect(() => removeKey(text, paused)).toThrow(problem);
});

/** JSON with comments, of every layout: where white space may be, anything of that kind is. */
const names = constantFrom("a", "b", "privacy", "display", "paused", "x y", 'q"', "é");
const trivia = array(
  constantFrom(" ", "\n", "\r\n", "\t", "/* c */", "// l\n", "/* two\nlines */"),
  {
    maxLength: 3,
  },
).map((parts) => parts.join(""));
const leaf = constantFrom("1", "true", "null", '"te,xt // no }"', "[1, /* in */ 2]", "{}", "[]");
function objectOf(value: Arbitrary<string>): Arbitrary<string> {
  const within = constantFrom("", " ", "\n", "/* in */", "// in\n");
  const entry = tuple(names, within, within, value, trivia).map(
    ([name, a, b, inner, c]) => `${JSON.stringify(name)}${a}:${b}${inner}${c}`,
  );
  return tuple(array(tuple(trivia, entry), { maxLength: 4 }), trivia, constantFrom("", ",")).map(
    ([entries, end, comma]) =>
      `{${entries.map(([before, each]) => before + each).join(",")}${entries.length > 0 ? comma : ""}${end}}`,
  );
}
const documents = tuple(
  constantFrom("", "\uFEFF"),
  trivia,
  objectOf(oneof(leaf, objectOf(leaf))),
  trivia,
).map((parts) => parts.join(""));

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function valueOf(text: string): Fields {
  const document = parseDocument(text);
  if (!document.ok || !isFields(document.value)) throw new Error(`not sound: ${text}`);
  return document.value;
}

/** The comments, in order, but for those within values that the edit replaces. */
function commentsOf(text: string): string[] {
  const scanner = createScanner(text.replace(/^\uFEFF/, " "));
  const comments: string[] = [];
  for (let kind: number = scanner.scan(); kind !== 17; kind = scanner.scan()) {
    const written = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if ((kind === 12 || kind === 13) && !written.includes("in")) comments.push(written);
  }
  return comments;
}

const paths = oneof(tuple(names), tuple(names, names));
const values = oneof(
  constantFrom<unknown>(true, 5, "text", [], ["a"]),
  dictionary(names, constantFrom(1, 2), { maxKeys: 2 }),
);

test("whatever the file, an edit changes its key and keeps every other key and comment", () => {
  assert(
    property(documents, paths, values, (text, path, value) => {
      const before = valueOf(text);
      const [section = "", name] = path;
      const inner = before[section];
      if (name !== undefined && inner !== undefined && !isFields(inner)) {
        expect(() => setKey(text, path, value)).toThrow("is not an object");
        return;
      }
      const old = isFields(inner) ? inner : {};
      const after = setKey(text, path, value);
      // A comment within the value that goes, goes too: such files prove nothing of comments here.
      const others = name !== undefined || !/\{[^{]*\{/.test(text);
      const expected = name === undefined ? value : { ...old, [name]: value };
      expect(valueOf(after)).toEqual({ ...before, [section]: expected });
      expect(setKey(after, path, value)).toBe(after);
      if (others) expect(commentsOf(after)).toEqual(commentsOf(text));

      const removed = removeKey(after, path);
      const { [name ?? section]: _, ...rest } = name === undefined ? before : old;
      expect(valueOf(removed)).toEqual(name === undefined ? rest : { ...before, [section]: rest });
      if (others) expect(commentsOf(removed)).toEqual(commentsOf(after));
      const first = setFirst(text, "$schema", "s");
      expect(valueOf(first)).toEqual({ ...before, $schema: "s" });
      expect(commentsOf(first)).toEqual(commentsOf(text));
    }),
    { numRuns: 1000 },
  );
});
