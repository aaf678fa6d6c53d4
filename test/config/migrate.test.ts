import { expect, test } from "bun:test";
import { assert, constantFrom, property, record } from "fast-check";
import { checkConfig } from "../../src/config/check.ts";
import { parseDocument } from "../../src/config/document.ts";
import { migrate } from "../../src/config/migrate.ts";
import { privacyLevels, privacySwitches } from "../../src/config/privacy.ts";
import { schemaUrl } from "../../src/config/schema.ts";

const mark = { $schema: schemaUrl, schema_version: 2 };

function valueOf(text: string): unknown {
  const document = parseDocument(text);
  return document.ok ? document.value : document.problem;
}

const shown = { show_project_name: true, show_model: true, show_tokens: false };

test.each<[string, object, object]>([
  ["an empty object", {}, mark],
  [
    "one of ours by hand, its switches kept",
    { privacy: { level: "project", show_cost: true } },
    { ...mark, privacy: { level: "project", show_cost: true } },
  ],
  [
    "version 1, private",
    { discord_client_id: "123456789012345678", privacy: { enabled: true, ...shown } },
    {
      ...mark,
      discord_client_id: "123456789012345678",
      privacy: { show_tokens: false, level: "private" },
    },
  ],
  [
    "the earlier tool's version 2, not private",
    { schema_version: 2, privacy: { enabled: false, ...shown }, display: { large_text: "Mine" } },
    { ...mark, privacy: { show_tokens: false }, display: { large_text: "Mine" } },
  ],
  [
    "a level that is there already",
    { schema_version: 2, privacy: { enabled: true, level: "hidden" } },
    { ...mark, privacy: { level: "hidden" } },
  ],
  [
    "keys nobody knows",
    { schema_version: 7, poll_interval: 2, privacy: { enabled: true, later: [1] }, display: 5 },
    { ...mark, poll_interval: 2, privacy: { later: [1], level: "private" }, display: 5 },
  ],
  ...Array.from({ length: 11 }, (_, i): [string, object, object] => [
    `version ${i + 3}`,
    { schema_version: i + 3, privacy: shown },
    { ...mark, privacy: { show_tokens: false } },
  ]),
])("%s is carried over, once, and shows nothing more", (_, file, expected) => {
  const migrated = migrate(JSON.stringify(file, undefined, 2));
  expect(migrated.kind).toBe("migrated");
  expect(valueOf(migrated.text)).toEqual(expected);
  expect(migrated.notes.length).toBeGreaterThan(0);
  expect(migrate(migrated.text)).toEqual({ kind: "current", text: migrated.text, notes: [] });
  const { privacy } = checkConfig(expected).config;
  expect({ ...checkConfig(file).config.privacy, ...privacy }).toEqual(
    checkConfig(file).config.privacy,
  );
});

test("comments and the order of what stays survive", () => {
  const text = `{
  // the tool that came before
  "schema_version": 2,
  "privacy": {
    "enabled": true, // quiet
    "show_model": true,
    "show_tokens": false
  },
  "mine": 1 /* kept */
}
`;
  expect(migrate(text).text).toBe(`{
  "$schema": "${schemaUrl}",
  // the tool that came before
  "schema_version": 2,
  "privacy": {
    // quiet
    "show_tokens": false,
    "level": "private"
  },
  "mine": 1 /* kept */
}
`);
});

test.each<[string, string, string]>([
  ["ours of later", '{ "$schema": "x", "schema_version": 3 }', "newer"],
  ["the earlier tool's of later", '{ "schema_version": 14 }', "newer"],
  ["ours", '{ "$schema": "x" }', "current"],
  ["broken", "{", "broken"],
  ["a list", "[]", "broken"],
  ["empty", "", "broken"],
])("%s comes back as it is", (_, text, kind) => {
  expect(migrate(text)).toMatchObject({ kind, text });
});

const odd = constantFrom<unknown>(undefined, true, false, "x", 1, null);
const files = record({
  $schema: constantFrom<unknown>(undefined, "x", 5),
  schema_version: constantFrom<unknown>(undefined, 1, 2, 3, 13, "2", null, 0, -1, 2.5),
  privacy: record({
    enabled: odd,
    level: constantFrom<unknown>(undefined, "full", "hidden", "bad"),
    show_model: odd,
    show_title: odd,
    rules: constantFrom<unknown>(undefined, [], {}),
  }),
});

test("whatever the file, nothing is shown after that was not before, and no false is lost", () => {
  assert(
    property(files, (file) => {
      const before = checkConfig(JSON.parse(JSON.stringify(file))).config.privacy;
      const { text } = migrate(JSON.stringify(file));
      const after = checkConfig(valueOf(text)).config.privacy;
      expect(privacyLevels.indexOf(after.level)).toBeLessThanOrEqual(
        privacyLevels.indexOf(before.level),
      );
      for (const name of privacySwitches) {
        if (before[name] === false) expect(after[name]).toBe(false);
        if (after[name] === true) expect(before[name]).toBe(true);
      }
      expect(after.rules).toEqual(before.rules);
      expect(migrate(text).text).toBe(text);
    }),
    { numRuns: 500 },
  );
});
