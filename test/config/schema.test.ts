import { expect, test } from "bun:test";
import { checkConfig, defaultConfig } from "../../src/config/schema.ts";

const id = "123456789012345678";

test("a good file, unknown keys left alone", () => {
  const { config, problems } = checkConfig({ schema_version: 2, discord_client_id: id, later: {} });
  expect(config.discord_client_id).toBe(id);
  expect(problems).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["a number for the id", { discord_client_id: 5 }, "discord_client_id must be text in quotes"],
  ["too short an id", { discord_client_id: "12" }, "discord_client_id must be the 17 to 20 digits"],
  [
    "a key that is no key",
    { discord_public_key: "zz" },
    "discord_public_key must be 64 hexadecimal",
  ],
  ["another version", { schema_version: 3 }, "schema_version must be 2"],
  ["a list", [], "the file must hold one object"],
  ["null", null, "the file must hold one object"],
  ["text", "x", "the file must hold one object"],
])("%s costs that key alone and is named", (_, file, problem) => {
  const read = checkConfig(file);
  expect(read.config).toEqual(defaultConfig);
  expect(read.problems[0]).toStartWith(problem);
});

test("a bad value does not take a good one with it", () => {
  const { config } = checkConfig({ discord_client_id: id, discord_public_key: 1 });
  expect(config.discord_client_id).toBe(id);
});
