import { describe, expect, test } from "bun:test";
import { readMessage } from "../../src/discord/message.ts";

const ready = (data: unknown): unknown =>
  readMessage({ cmd: "DISPATCH", evt: "READY", nonce: null, data });

describe("READY tells which Discord it is", () => {
  test.each([
    ["//discord.com/api", "stable"],
    ["//ptb.discord.com/api", "ptb"],
    ["https://canary.discord.com/api", "canary"],
    ["//discord.com.example.org/api", undefined],
    [7, undefined],
  ])("%s: %s", (endpoint, edition) => {
    expect(ready({ config: { api_endpoint: endpoint } })).toEqual({ kind: "ready", edition });
  });

  test.each([[undefined], [null], ["text"], [[]], [{ config: null }], [{ user: 7 }]])(
    "data %j is READY all the same",
    (data) => expect(ready(data)).toEqual({ kind: "ready", edition: undefined }),
  );
});

describe("replies", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, unknown])[] = [
    ["a reply", { nonce: "n", evt: null, data: 1 }, { kind: "reply", nonce: "n", data: 1 }],
    ["no event", { nonce: "n" }, { kind: "reply", nonce: "n", data: undefined }],
    [
      "an error",
      { nonce: "n", evt: "ERROR", data: { code: 4000, message: "bad" } },
      { kind: "error", nonce: "n", code: 4000, message: "bad" },
    ],
    [
      "an error without data",
      { nonce: "n", evt: "ERROR" },
      { kind: "error", nonce: "n", code: 1000, message: "no reason" },
    ],
    [
      "an event that nobody waits for",
      { cmd: "DISPATCH", evt: "GUILD_CREATE", data: {} },
      undefined,
    ],
    ["an event named as an emitter's own", { evt: "error", nonce: null }, undefined],
    ["a nonce that is no text", { nonce: 7, evt: null }, undefined],
    ["nothing", {}, undefined],
  ];
  test.each([...cases])("%s", (_, payload, expected) => {
    const found: unknown = readMessage(payload);
    expect(found).toEqual(expected);
  });

  test("an endless message is cut", () => {
    const found = readMessage({ nonce: "n", evt: "ERROR", data: { message: "x".repeat(1e6) } });
    expect(found?.kind === "error" ? found.message.length : 0).toBe(500);
  });
});
