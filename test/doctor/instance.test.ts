import { expect, test } from "bun:test";
import { type Facts, diagnose } from "../../src/doctor/doctor.ts";
import { checkInstance, type InstanceFacts } from "../../src/doctor/instance.ts";
import type { Running } from "../../src/instance/inspect.ts";
import { parseMetadata } from "../../src/instance/metadata.ts";

const running: Running = {
  kind: "running",
  pid: 42,
  why: undefined,
  program: "instance",
  mode: "dashboard",
  startedAt: undefined,
  version: "1.0.0",
  exePath: "/cdp",
  identity: "x",
  control: undefined,
  stopped: false,
};
const nobody: InstanceFacts = {
  state: { kind: "notRunning", problem: undefined },
  metadata: { kind: "none" },
  metadataLives: false,
  leftovers: [],
  silent: undefined,
  version: "1.0.0",
};
const dead = parseMetadata('{ "pid": 42 }');

test.each<[string, Partial<InstanceFacts>, string[], string]>([
  ["nobody", {}, ["ok", "ok"], "no publisher runs"],
  ["a publisher", { state: running, metadata: dead }, ["ok", "ok"], "dashboard, pid 42"],
  [
    "no locks to be had",
    { state: { kind: "notRunning", problem: "the file system of /x has no locks (ENOLCK)" } },
    ["fail", "ok"],
    "no locks",
  ],
  [
    "the earlier tool",
    { state: { ...running, program: "earlier" }, silent: "it listens nowhere" },
    ["warn", "ok"],
    "the earlier tool (pid 42)",
  ],
  ["stopped", { state: { ...running, stopped: true } }, ["warn", "ok"], "is stopped"],
  [
    "nobody knows who",
    { state: { ...running, program: "unknown", pid: undefined, why: "it has written nothing" } },
    ["warn", "ok"],
    "holds the lock, but it has written nothing",
  ],
  ["deaf", { state: running, silent: "no answer in 300 ms" }, ["warn", "ok"], "does not answer"],
  ["of another version", { state: running, version: "1.1.0" }, ["warn", "ok"], "is version 1.0.0"],
  ["metadata of a dead process", { metadata: dead }, ["ok", "warn"], ""],
  ["metadata of another process", { metadata: dead, metadataLives: true }, ["ok", "warn"], ""],
  ["metadata that is damaged", { metadata: parseMetadata("{") }, ["ok", "warn"], ""],
  ["a socket without an owner", { leftovers: ["/r/control-9"] }, ["ok", "warn"], ""],
])("%s", (_, facts, states, line) => {
  const checks = checkInstance({ ...nobody, ...facts });
  expect(checks.map(({ state }) => state)).toEqual(states as (typeof checks)[number]["state"][]);
  expect(checks[0]!.line).toContain(line);
});

test("leftovers are named, a heap of them counted", () => {
  const leftovers = ["/1", "/2", "/3", "/4"];
  const [, check] = checkInstance({ ...nobody, metadata: dead, leftovers });
  expect(check!.line).toBe(
    "left by a cdp that was killed: metadata of process 42, which is gone, /1, /2 and 2 others",
  );
});

test("the earlier tool is ended by the person, never by us", () => {
  const state = { ...running, program: "earlier" } as const;
  expect(checkInstance({ ...nobody, state })[0]!.fix).toContain("kill 42");
});

test("a fault in one check costs that check alone", () => {
  const broken = { codex: undefined } as unknown as Facts;
  const checks = diagnose(broken);
  expect(checks.length).toBeGreaterThan(5);
  expect(checks[0]).toMatchObject({ name: "codex", state: "fail" });
  expect(checks[0]!.line).toStartWith("this check itself failed");
});
