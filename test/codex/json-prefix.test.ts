import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { parseObjectPrefix } from "../../src/codex/json-prefix.ts";

test.each([
  ['{"a":1,"b":"text', { a: 1, b: "text" }],
  ['{"a":1,"b', { a: 1 }],
  ['{"a":1,"b":', { a: 1 }],
  ['{"a":12', {}],
  ['{"a":{"b":["x","y', { a: { b: ["x", "y"] } }],
  ['{"a":{"b":[1,2],"c":tr', { a: { b: [1, 2] } }],
  [String.raw`{"a":"x\n\u00`, { a: "x\n" }],
  [String.raw`{"a":"x\\`, { a: "x\\" }],
  ['{"a":"x\\', { a: "x" }],
  ["", undefined],
  ["[1", undefined],
  ["nonsense", undefined],
] as const)("%s", (text, expected) => {
  expect(parseObjectPrefix(text)).toEqual(expected as never);
});

test("of any object cut anywhere the members before the cut are as they were", () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(json, fc.nat(), (value, at) => {
      const text = JSON.stringify(value);
      const whole = JSON.parse(text) as Record<string, unknown>;
      const cut = parseObjectPrefix(text.slice(0, 1 + (at % text.length)));
      const keys = Object.keys(cut ?? {});
      // All but the last, which may be cut, and in their order.
      for (const key of keys.slice(0, -1)) expect(cut?.[key]).toEqual(whole[key]);
      expect(Object.keys(whole).slice(0, keys.length)).toEqual(keys);
    }),
  );
});
