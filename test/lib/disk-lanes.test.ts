import { expect, test } from "bun:test";
import { assert, asyncProperty, array, integer } from "fast-check";
import { DiskLanes, type LaneDisk } from "../../src/lib/disk-lanes.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const near = (name: string) => ({ name, isLocal: true });

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
    void lanes.run(near(disk), operation).then(({ kind }) => (answers[name] = kind));
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
  const fails = lanes.run(near("a"), () => Promise.reject(new Error("EIO"))).catch(String);
  expect(await fails).toBe("Error: EIO");
  expect(await lanes.run(near("a"), () => Promise.resolve(1))).toEqual({ kind: "done", value: 1 });
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
          lanes.run(near(String(disk)), async () => {
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

test("disks that may hang leave a place to those of this machine, where there are two", async () => {
  const clock = new FakeClock();
  const far = (name: string) => ({ name, isLocal: false });
  const hang = () => new Promise<never>(() => undefined);
  for (const [places, expected] of [
    [2, { far: "late", near: "done" }],
    [1, { far: "late", near: "late" }],
  ] as const) {
    const lanes = new DiskLanes({ clock, places });
    void lanes.run(far("first"), hang);
    const began: string[] = [];
    const ask = (disk: LaneDisk) =>
      lanes.run(disk, () => {
        began.push(disk.name);
        return Promise.resolve();
      });
    const answers = [ask(far("second")), ask(near("own"))] as const;
    await settle();
    expect(began).toEqual(places === 2 ? ["own"] : []);
    clock.advance(2000);
    expect((await answers[0]).kind).toBe(expected.far);
    expect((await answers[1]).kind).toBe(expected.near);
  }
});

test("what waits for an answer gets it however late; others behind it do not wait", async () => {
  const clock = new FakeClock();
  const lanes = new DiskLanes({ clock, places: 2 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const order: string[] = [];
  const first = lanes.wait(near("a"), () => promise);
  const second = lanes.wait(near("a"), () => Promise.resolve("second"));
  void first.then(() => order.push("first"));
  void second.then(() => order.push("second"));
  const behind = lanes.run(near("a"), () => Promise.resolve());
  clock.advance(2000);
  expect(await behind).toEqual({ kind: "late" });
  expect(await lanes.run(near("a"), () => Promise.resolve())).toEqual({ kind: "late" });
  expect(order).toEqual([]);
  resolve("first");
  expect(await first).toBe("first");
  expect(await second).toBe("second");
  const fails = lanes.wait(near("a"), () => Promise.reject(new Error("EIO"))).catch(String);
  expect(await fails).toBe("Error: EIO");
  expect(order).toEqual(["first", "second"]);
  expect(clock.pending).toBe(0);
});
