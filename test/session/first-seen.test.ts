import { expect, test } from "bun:test";
import { FirstSeen } from "../../src/session/first-seen.ts";

test("a session is known since it was first noted, and anew when it comes back", () => {
  const seen = new FirstSeen();
  seen.note(["a"], 10);
  seen.note(["a", "b"], 20);
  expect([seen.of("a"), seen.of("b"), seen.of("c")]).toEqual([10, 20, undefined]);
  seen.note(["b"], 30);
  seen.note(["a", "b"], 40);
  expect([seen.of("a"), seen.of("b")]).toEqual([40, 20]);
});
