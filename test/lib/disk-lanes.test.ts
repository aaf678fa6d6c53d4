import { expect, test } from "bun:test";
import { assert, asyncProperty, array, integer } from "fast-check";
import { DiskLanes } from "../../src/lib/disk-lanes.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

/** Operations that end when they are told to, by name. */
function setUp(places: number) {
  const clock = new FakeClock();
  const lanes = new DiskLanes({ clock, places, lateMs: 2000 });
  const running = new Map<string, () => void>();
  const began: string[] = [];
  const answers: Record<string, string> = {};
  const ask = (disk: string, name: string): void => {
    const operation = (): Promise<string> => {
      began.push(name);
      return new Promise((resolve) => running.set(name, () => resolve(name)));
    };
    void lanes.run(disk, operation).then(({ kind }) => (answers[name] = kind));
  };
  const end = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      running.get(name)?.();
      running.delete(name);
    }
    await settle();
  };
  return { clock, lanes, began, answers, running, ask, end };
}

test("one operation at a time on a disk, others beside it while there is a place", async () => {
  const { began, answers, ask, end, clock } = setUp(2);
  for (const name of ["a1", "a2", "b1", "c1"]) ask(name.charAt(0), name);
  expect(began).toEqual(["a1", "b1"]);
  await end("b1");
  expect(began).toEqual(["a1", "b1", "c1"]);
  await end("a1", "c1");
  expect(began).toEqual(["a1", "b1", "c1", "a2"]);
  await end("a2");
  expect(answers).toEqual({ a1: "done", a2: "done", b1: "done", c1: "done" });
  expect(clock.pending).toBe(0);
});

test("a disk that does not answer keeps one place; who asks it is told so at once", async () => {
  const { clock, began, answers, ask, end } = setUp(2);
  ask("dead", "d1");
  ask("dead", "d2");
  clock.advance(1999);
  ask("dead", "d3");
  await settle();
  expect(answers).toEqual({});
  clock.advance(1);
  await settle();
  expect(answers).toEqual({ d1: "late", d2: "late", d3: "late" });
  for (let i = 0; i < 50; i += 1) ask("dead", `more${i}`);
  await settle();
  expect(Object.values(answers)).toEqual(Array.from({ length: 53 }, () => "late"));
  ask("alive", "a1");
  await end("a1");
  expect(answers["a1"]).toBe("done");
  expect(began).toEqual(["d1", "a1"]);
  // It answers at last, and is asked again.
  await end("d1");
  ask("dead", "d4");
  await end("d4");
  expect(answers["d4"]).toBe("done");
  expect(clock.pending).toBe(0);
});

test("when dead disks keep all places, the rest is told so in time, and goes on after", async () => {
  const { clock, answers, ask, end } = setUp(2);
  for (const name of ["x", "y", "z"]) ask(name, name);
  clock.advance(2000);
  await settle();
  expect(answers).toEqual({ x: "late", y: "late", z: "late" });
  await end("x");
  ask("z", "z2");
  await end("z2");
  expect(answers["z2"]).toBe("done");
});

test("an operation that fails is a failure of that one alone", async () => {
  const { lanes, clock } = setUp(1);
  const fails = lanes.run("a", () => Promise.reject(new Error("EIO"))).catch(String);
  expect(await fails).toBe("Error: EIO");
  expect(await lanes.run("a", () => Promise.resolve(1))).toEqual({ kind: "done", value: 1 });
  expect(clock.pending).toBe(0);
});

test("never more at once than there are places, never two on one disk, and all are answered", async () => {
  await assert(
    asyncProperty(
      array(integer({ min: 0, max: 5 }), { maxLength: 60 }),
      integer({ min: 1, max: 4 }),
      async (disks, places) => {
        const clock = new FakeClock();
        const lanes = new DiskLanes({ clock, places });
        const busy = new Set<number>();
        const runs = disks.map((disk) =>
          lanes.run(String(disk), async () => {
            expect(busy.has(disk)).toBe(false);
            busy.add(disk);
            expect(busy.size).toBeLessThanOrEqual(places);
            await Promise.resolve();
            busy.delete(disk);
          }),
        );
        const answers = await Promise.all(runs);
        expect(answers.every(({ kind }) => kind === "done")).toBe(true);
        expect(clock.pending).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
