import { expect, test } from "bun:test";
import {
  type FileLook,
  readCap,
  readCaps,
  repositoryFileName,
} from "../../src/presence/repository-file.ts";

test.each<[string, string, string, readonly string[]]>([
  ["a level", '{ "level": "project" }', "project", []],
  ["comments", '\uFEFF{ // us\n "level": "private", }', "private", []],
  ["switches", '{ "show_model": false, "show_cost": true }', "full", ["show_model"]],
  ["an odd switch is off", '{ "level": "full", "show_cost": 1 }', "full", ["show_cost"]],
  ["no such level", '{ "level": "open" }', "hidden", []],
  ["a misspelt key", '{ "levle": "private" }', "hidden", []],
  ["a list", "[]", "hidden", []],
  ["broken", '{ "level": "private"', "hidden", []],
  ["empty", "", "hidden", []],
  ["huge", `{ "level": "private" }${" ".repeat(70_000)}`, "hidden", []],
  ["deep", "[".repeat(60_000), "hidden", []],
])("a repository's file: %s", (_, text, level, off) => {
  const cap = readCap("/x", { kind: "text", text });
  expect<object>(cap).toMatchObject({ level, off, sources: ["/x"] });
});

test("the walk goes up to the root and no further, and takes the strictest", () => {
  const files: Readonly<Record<string, FileLook>> = {
    "/w/.codex-presence.json": { kind: "text", text: '{"level":"hidden"}' },
    "/w/repo/.codex-presence.json": { kind: "text", text: '{"level":"private"}' },
    "/w/repo/a/b/.codex-presence.json": { kind: "text", text: '{"show_model":false}' },
    "/w/main/.codex-presence.json": { kind: "text", text: '{"level":"project"}' },
  };
  const asked: string[] = [];
  const look = (path: string): FileLook => {
    asked.push(path);
    return files[path] ?? { kind: "absent" };
  };
  const caps = readCaps(["/w/repo/a/b", "/w/main"], ["/w/repo", "/w/main"], look);
  expect(caps).toMatchObject({ level: "private", off: ["show_model"], problems: [] });
  expect(asked).toEqual(
    ["/w/repo/a/b", "/w/repo/a", "/w/repo", "/w/main"].map((at) => `${at}/${repositoryFileName}`),
  );
  expect(readCaps(["/w/repo"], [], look)?.level).toBe("hidden");
  expect(readCaps(["/elsewhere"], [], look)).toBeUndefined();
});

test("a file that is not to be read hides, and a walk goes up to the top from however deep", () => {
  const odd = readCaps(["/x"], [], () => ({ kind: "unreadable", reason: "is a device" }));
  expect(odd).toMatchObject({ level: "hidden" });
  expect(odd?.problems[0]).toContain("is a device; it counts as hidden");
  const top = `/a/${repositoryFileName}`;
  const hides: FileLook = { kind: "text", text: '{"level":"hidden"}' };
  const look = (path: string): FileLook => (path === top ? hides : { kind: "absent" });
  expect(readCaps(["/a".repeat(2000)], [], look)?.level).toBe("hidden");
});
