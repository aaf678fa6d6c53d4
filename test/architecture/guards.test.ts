import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { choose } from "../../scripts/mutants/choose.ts";
import { guards } from "../../scripts/mutants/guards.ts";
import { findMarkers, mutantOf, type Marker } from "../../scripts/mutants/markers.ts";

const root = join(import.meta.dir, "../..");
const markers = findMarkers(root);
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

test("at least 80 lines are marked as guarding privacy or trust", () => {
  expect(guards.length).toBeGreaterThanOrEqual(80);
});

test("each marked line has a mutant, and each mutant a marked line", () => {
  const listed = guards.map(({ id }) => id).toSorted();
  expect(markers.map(({ id }) => id).toSorted()).toEqual(listed);
  expect(new Set(listed).size).toBe(listed.length);
});

test.each(guards.map((guard) => [guard.id, guard] as const))("%s can be broken", (_, guard) => {
  const mutant = mutantOf(guard, markers, textOf);
  if (typeof mutant === "string") throw new Error(mutant);
  expect(mutant.mutated).not.toBe(textOf(mutant.marker.file));
  new Bun.Transpiler({ loader: "ts" }).transformSync(mutant.mutated);
  expect(guard.tests.length).toBeGreaterThan(0);
  expect(guard.tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

const text = "a();\n// @guard one\nif (ours) b();\nif (ours) c();\n";
const marker: Marker = { id: "one", file: "src/x.ts", end: text.indexOf("\nif"), line: 2 };
const guard = { id: "one", from: "ours", to: "true", tests: ["t"] };

test("the first such code after the marker is broken, and no other", () => {
  const mutant = mutantOf(guard, [marker], () => text);
  expect(typeof mutant === "string" ? mutant : mutant.mutated).toBe(
    "a();\n// @guard one\nif (true) b();\nif (ours) c();\n",
  );
});

test("a marker that has gone, stands twice or marks other code is named", () => {
  expect(mutantOf(guard, [], () => text)).toContain("no line of src/ is marked");
  expect(mutantOf(guard, [marker, marker], () => text)).toContain("marked twice");
  expect(mutantOf({ ...guard, from: "theirs" }, [marker], () => text)).toContain("has no theirs");
});

test("a seed chooses the same items each time, none twice", () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const chosen = choose(items, 10, 7);
  expect(choose(items, 10, 7)).toEqual(chosen);
  expect(new Set(chosen).size).toBe(10);
  expect(choose(items, 10, 8)).not.toEqual(chosen);
});
