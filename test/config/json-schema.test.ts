import { expect, test } from "bun:test";
import { join } from "node:path";
import { jsonSchema } from "../../src/config/json-schema.ts";

test("docs/config.schema.json is current: run scripts/config-schema.ts", async () => {
  const written: unknown = await Bun.file(
    join(import.meta.dir, "../../docs/config.schema.json"),
  ).json();
  expect(written).toEqual(structuredClone(jsonSchema()));
});

test("it says what the config says", () => {
  expect(jsonSchema()).toMatchObject({
    properties: {
      discord_client_id: { type: "string", pattern: String.raw`^\d{17,20}$` },
      privacy: {
        properties: {
          level: { enum: ["hidden", "private", "project", "full"], default: "private" },
          rules: { items: { required: ["level"], anyOf: [{ required: ["path"] }, {}, {}] } },
        },
      },
      display: { properties: { idle_after: { type: "number", minimum: 1, maximum: 1440 } } },
    },
  });
});
