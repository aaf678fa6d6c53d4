import { expect, test } from "bun:test";
import { join } from "node:path";
import { displayEntries } from "../../src/config/display.ts";
import { privacyEntries, privacyLevels } from "../../src/config/privacy.ts";
import { plainEntries } from "../../src/config/schema.ts";
import { presets } from "../../src/presence/presets.ts";
import { shownAt, switched } from "../../src/presence/privacy.ts";
import { variables } from "../../src/presence/template.ts";
import { activityKinds } from "../../src/session/activity.ts";

const docs = join(import.meta.dir, "../../docs");
const privacy = await Bun.file(join(docs, "privacy.md")).text();
const configuration = await Bun.file(join(docs, "configuration.md")).text();

test("the table of levels is what the levels do", () => {
  const table = rows(privacy).filter(([, , , , , name = ""]) => name.startsWith("`show_"));
  expect(table.map(([, , , , , name = ""]) => name).toSorted()).toEqual(
    Object.keys(switched)
      .map((name) => `\`${name}\``)
      .toSorted(),
  );
  for (const [, hidden, priv, project, full, name] of table) {
    const what = Object.entries(switched).find(([key]) => `\`${key}\`` === name)?.[1];
    const shown = privacyLevels.map((level) => shownAt(level, {}, "full").has(what!));
    expect([hidden, priv, project, full].map((cell) => cell === "yes")).toEqual(shown);
  }
});

test("every key, variable, activity and preset is documented, and no other", () => {
  const keys = [
    ...Object.keys(plainEntries),
    ...Object.keys(privacyEntries).map((name) => `privacy.${name}`),
    ...Object.keys(displayEntries).map((name) => `display.${name}`),
  ];
  const first = rows(configuration).map(([name = ""]) => name.replaceAll("`", ""));
  const documented = first.filter((name) => /^[$a-z_]+(?:\.[a-z_]+)?$/.test(name));
  const others = ["key", "variable", "preset", ...Object.keys(presets)];
  expect(documented.filter((name) => !others.includes(name)).toSorted()).toEqual(keys.toSorted());
  expect(first.filter((name) => name.startsWith("{")).toSorted()).toEqual(
    variables.map((name) => `{${name}}`).toSorted(),
  );
  for (const kind of activityKinds) expect(configuration).toContain(`\`${kind}\``);
  for (const [name, { details, state, large_text: large }] of Object.entries(presets)) {
    const row = rows(configuration).find(([cell]) => cell === `\`${name}\``);
    expect(row?.slice(1)).toEqual([details, state, large].map((text) => `\`${text}\``));
  }
});

function rows(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}
