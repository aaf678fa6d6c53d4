import { describe, expect, test } from "bun:test";
import { builtInRecording, parseRecording } from "../../src/demo/recording.ts";
import { fillPlaceholders } from "../../src/demo/codex-files.ts";
import { activitiesOf, filling } from "./activities.ts";

describe("the recording in the program", () => {
  test("is read wholly", () => {
    const { steps, faults, length } = parseRecording(builtInRecording);
    expect(faults).toEqual([]);
    expect(steps.length).toBe(builtInRecording.trimEnd().split("\n").length);
    expect(length).toBeWithin(25_000, 33_000);
  });

  test("goes through every kind of work that a card tells apart", () => {
    const { kinds, misread } = activitiesOf(builtInRecording);
    expect(misread).toBe(0);
    expect(kinds).toEqual([
      "idle",
      "thinking",
      "reading",
      "running",
      "thinking",
      "approval",
      "running",
      "editing",
      "running",
      "thinking",
      "idle",
    ]);
  });

  test("tells another story when it is changed", () => {
    const edits = builtInRecording.replaceAll("npm test --", "cat src/tides.ts #");
    expect(edits).not.toBe(builtInRecording);
    expect(activitiesOf(edits).kinds.filter((kind) => kind === "running")).toHaveLength(1);
  });
});

describe("a recording's lines", () => {
  test.each([
    ["{", "not a JSON object"],
    ["[]", "not a JSON object"],
    ['{"type":"title","text":"x"}', '"at" must be 0 to 600000 ms'],
    ['{"at":-1,"type":"title"}', '"at" must be 0 to 600000 ms'],
    ['{"at":1e9,"type":"title"}', '"at" must be 0 to 600000 ms'],
    ['{"at":0}', 'unknown "type"'],
    ['{"at":0,"type":"toString"}', 'unknown "type"'],
    ['{"at":0,"type":"screen","show":"window"}', '"show" must be one of'],
    ['{"at":0,"type":"status","payload":"state=asleep"}', "not a program status"],
    [String.raw`{"at":0,"type":"status","payload":"state=idle\u001b[2J"}`, "not a program status"],
    ['{"at":0,"type":"rollout","item":{"type":"event_msg"}}', "not a rollout item"],
    ['{"at":0,"type":"sessionLog","entry":[]}', '"entry" must be an object'],
  ])("%s is named and left out", (line, why) => {
    const { steps, faults } = parseRecording(`{"at":5,"type":"title","text":"a"}\n${line}\n\n`);
    expect(steps).toEqual([{ at: 5, type: "title", text: "a", sign: "none" }]);
    expect(faults).toEqual([expect.stringContaining(`line 2: ${why}`)]);
  });

  test("come in the order of their time, those of one moment as written", () => {
    const lines = [3, 1, 1, 2].map((at, i) => JSON.stringify({ at, type: "title", text: `${i}` }));
    const { steps } = parseRecording(lines.join("\n"));
    expect(steps.map((step) => "text" in step && step.text)).toEqual(["1", "2", "3", "0"]);
  });

  test("show no control characters, keep their spaces and lines", () => {
    const text = "  a\u001b[31m   b\u202e\n\tc\u0007";
    const { steps } = parseRecording(JSON.stringify({ at: 0, type: "screen", show: "ask", text }));
    expect(steps[0]).toMatchObject({ text: "  a[31m   b\nc" });
  });
});

test("placeholders are filled at any depth, with text and with numbers", () => {
  const now = 1_700_000_000_500;
  const item = { a: ["$thread", { "$cwd/x": "file://$cwd" }], b: "$seconds-26", c: "$ms", d: null };
  expect(JSON.parse(fillPlaceholders(JSON.stringify(item), filling, now))).toEqual({
    a: [filling.thread, { [`${filling.cwd}/x`]: `file://${filling.cwd}` }],
    b: 1_699_999_974,
    c: now,
    d: null,
  });
  const others = JSON.stringify(["$created", "costs $5, $turned", 'says "$ms"']);
  expect(JSON.parse(fillPlaceholders(others, filling, now))).toEqual([
    filling.created,
    "costs $5, $turned",
    'says "$ms"',
  ]);
});
