import { expect, test } from "bun:test";
import type { PtyAddon } from "../../src/pty/addon.ts";
import { spawnBunPty } from "../../src/pty/bun-pty.ts";
import { parsePtyChoice, selectPty } from "../../src/pty/select.ts";

const addon: PtyAddon = {
  native: { fork: () => ({ fd: -1, pid: -1, pty: "" }), resize: () => {} },
  helper: "",
};

test.each([
  [undefined, "auto"],
  ["", "auto"],
  ["auto", "auto"],
  ["Bun", "auto"],
  ["node-pty", "node-pty"],
  ["bun", "bun"],
] as const)("CDP_PTY=%s means %s", (value, choice) => {
  expect(parsePtyChoice(value)).toBe(choice);
});

test.each(["auto", "node-pty"] as const)(
  "%s: node-pty where its addon loads, else Bun",
  async (choice) => {
    expect(await selectPty(choice, async () => addon)).not.toBe(spawnBunPty);
    expect(await selectPty(choice, async () => undefined)).toBe(spawnBunPty);
  },
);

test("bun never loads the addon", async () => {
  let loads = 0;
  const load = async () => {
    loads += 1;
    return addon;
  };
  expect(await selectPty("bun", load)).toBe(spawnBunPty);
  expect(loads).toBe(0);
});
