import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { systemClock } from "../../src/lib/clock.ts";
import { inspect, inspectPlace, look, type InspectedPlace } from "../../src/instance/inspect.ts";
import type { Holder } from "../../src/instance/lock.ts";
import type { FoundMetadata, Metadata } from "../../src/instance/metadata.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(20_000);

const ours: Metadata = {
  pid: 42,
  exePath: "/cdp",
  startedAt: "2026-01-01T00:00:00Z",
  identity: "boot:1",
  mode: "dashboard",
  version: "1.0.0",
  control: { path: "/run/control" },
};
const found = (metadata: Metadata): FoundMetadata => ({ kind: "found", metadata });
const heldBy = (pid: number | undefined): Holder => ({ kind: "held", pid });

function place(
  holder: Holder,
  metadata: FoundMetadata,
  { written, identity = "boot:1", stopped = false }: Partial<Place> = {},
): InspectedPlace {
  const process = (pid: number) =>
    pid === 42 && identity !== "" ? { identity, stopped } : undefined;
  return { holder: () => holder, metadata: () => metadata, written: () => written, process };
}
interface Place {
  readonly written: number;
  /** Of process 42; empty: there is none. */
  readonly identity: string;
  readonly stopped: boolean;
}

const sure = { kind: "running", pid: 42, program: "instance", why: undefined, mode: "dashboard" };
const earlier = { kind: "running", pid: 42, program: "earlier" };
const unsure = (pid: number | undefined, why: string) => ({
  kind: "running",
  pid,
  program: "unknown",
  why: expect.stringContaining(why),
  identity: undefined,
  control: undefined,
});
const rust = found({ ...ours, identity: undefined });

test.each([
  [
    "nobody",
    place({ kind: "nobody" }, { kind: "none" }),
    { kind: "notRunning", problem: undefined },
  ],
  ["nobody, files left", place({ kind: "nobody" }, found(ours)), { kind: "notRunning" }],
  ["no locks here", place({ kind: "unknown", reason: "r" }, found(ours)), { problem: "r" }],
  ["the kernel names it", place(heldBy(42), found(ours)), sure],
  ["the file names it", place(heldBy(undefined), found(ours), { written: 42 }), sure],
  ["only the metadata names it", place(heldBy(undefined), found(ours)), sure],
  ["stopped", place(heldBy(42), found(ours), { stopped: true }), { ...sure, stopped: true }],
  ["no metadata", place(heldBy(42), { kind: "none" }), unsure(42, "written nothing")],
  ["no metadata, no pid", place(heldBy(undefined), { kind: "none" }), unsure(undefined, "nothing")],
  ["half", place(heldBy(42), { kind: "unreadable", why: "half" }), unsure(42, "half")],
  ["another holder", place(heldBy(7), found(ours)), unsure(7, "another process, 42")],
  [
    "another writer",
    place(heldBy(undefined), found(ours), { written: 7 }),
    unsure(undefined, "42"),
  ],
  ["dead pid", place(heldBy(undefined), found(ours), { identity: "" }), unsure(undefined, "gone")],
  [
    "reused pid",
    place(heldBy(undefined), found(ours), { identity: "b:2" }),
    unsure(undefined, "by now"),
  ],
  ["the Rust tool", place(heldBy(42), rust), earlier],
  ["the Rust tool by its file", place(heldBy(undefined), rust, { written: 42 }), earlier],
  ["the Rust tool's leavings", place(heldBy(7), rust), unsure(7, "another process")],
])("%s", (_, seen, expected) => {
  expect(look(seen)).toMatchObject(expected);
});

test("between two publishers it looks again for 150 ms, and no longer", async () => {
  const clock = new FakeClock();
  let holder: Holder = { kind: "nobody" };
  const changing = { ...place(holder, found(ours)), holder: () => holder };
  const first = inspectPlace(changing, clock);
  await clock.run(12, 4);
  holder = heldBy(42);
  await clock.run(8, 4);
  expect(await first).toMatchObject(sure);

  holder = { kind: "nobody" };
  const second = inspectPlace(changing, clock);
  await clock.run(154, 4);
  expect(await second).toMatchObject({ kind: "notRunning" });

  const third = inspectPlace(place({ kind: "nobody" }, { kind: "none" }), clock);
  await settle();
  expect(await third).toMatchObject({ kind: "notRunning" });
});

test("a real holder is named, its leavings are not believed, and nothing is created", async () => {
  await using stage = new Stage();
  expect(await inspect(stage.home, systemClock)).toMatchObject({ kind: "notRunning" });
  expect(readdirSync(stage.home)).toEqual([]);
  const holder = stage.child("lock-child.ts");
  holder.tell("take");
  await holder.said("held");
  expect(await inspect(stage.home, systemClock)).toMatchObject({
    kind: "running",
    pid: holder.pid,
    program: "instance",
    mode: "dashboard",
  });
  holder.signal("SIGKILL");
  await holder.exited;
  expect(await inspect(stage.home, systemClock)).toEqual({
    kind: "notRunning",
    problem: undefined,
  });
  expect(readdirSync(stage.home).length).toBe(2);
  const tool = stage.child("rust-tool-child.ts", "no");
  await tool.said("held");
  expect(await inspect(stage.home, systemClock)).toMatchObject({
    pid: tool.pid,
    program: "unknown",
  });
});

interface Span {
  readonly asked: bigint;
  readonly from: bigint;
  readonly to: bigint;
  readonly left: bigint;
  readonly pid: string;
}

/** Is this answer, given somewhere between its two moments, contradicted by what the holders did? */
function wrong([, from, to, answer]: readonly string[], spans: readonly Span[]): boolean {
  const [begin, end] = [BigInt(from!), BigInt(to!)];
  if (answer === "none") return spans.some((span) => span.from <= begin && span.to >= end);
  return !spans.some(
    ({ pid, asked, left }) =>
      (answer === pid || answer === "unknown") && asked <= end && left >= begin,
  );
}

test("100 looks at once while publishers follow one another: no wrong answer", async () => {
  await using stage = new Stage();
  const takers = [0, 1, 2].map(() => stage.child("lock-child.ts"));
  const lookers = [0, 1, 2, 3].map(() => stage.child("lock-child.ts"));
  await Promise.all([...takers, ...lookers].map((child) => child.said("ready")));
  for (const child of takers) child.tell("churn 15 10");
  for (const child of lookers) for (let turn = 0; turn < 4; turn += 1) child.tell("inspect 25");
  await Promise.all(takers.map((child) => child.said("churned")));
  const done = (lines: readonly string[]) => lines.filter((line) => line === "looked").length;
  for (const child of lookers) while (done(child.lines) < 4) await child.said("looked", 100);
  const spans = takers.flatMap(({ lines }) =>
    lines
      .filter((line) => line.startsWith("span"))
      .map((line) => {
        const [, asked, from, to, left, pid] = line.split(" ");
        return {
          asked: BigInt(asked!),
          from: BigInt(from!),
          to: BigInt(to!),
          left: BigInt(left!),
          pid: pid!,
        };
      }),
  );
  expect(spans.length).toBe(45);
  const looks = lookers.flatMap(({ lines }) =>
    lines.filter((line) => line.startsWith("look ")).map((line) => line.split(" ")),
  );
  expect(looks.length).toBe(400);
  expect(looks.filter((answer) => wrong(answer, spans))).toEqual([]);
  expect(looks.some(([, , , answer]) => answer !== "none")).toBe(true);
});
