import { expect, test } from "bun:test";
import { peerAt, peerOf } from "../../src/lib/peer.ts";

test("what the kernel does not tell is unknown, unless the system has no such call", () => {
  expect(peerAt(undefined, "linux")).toEqual({ kind: "unknown" });
  expect(peerAt(undefined, "darwin")).toEqual({ kind: "unknown" });
  expect(peerAt(-1, "linux")).toEqual({ kind: "unknown" });
  expect(peerAt(3, "win32")).toEqual({ kind: "unsupported" });
});

test("an object without a descriptor has no peer that is known", () => {
  expect(["known", "unsupported"].includes(peerOf({}).kind)).toBe(process.platform === "win32");
  expect(peerOf({ _handle: { fd: "0" } }).kind).not.toBe("known");
});
