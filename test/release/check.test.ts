import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { equal, Rows, statusOf, table } from "../../scripts/release/check/rows.ts";
import { systemOf } from "../../scripts/release/check/program.ts";
import { starterFor } from "../../scripts/release/check/start.ts";
import { targets } from "../../scripts/release/targets.ts";

describe("the check of a release", () => {
  test("fails with what failed, ends with 3 where something could not be started, and never passes empty", () => {
    const rows = new Rows();
    expect(statusOf(rows.all)).toBe(1);
    rows.add("a", "native", "ok");
    rows.add("b", "form", "elsewhere", "why");
    expect(statusOf(rows.all)).toBe(0);
    rows.add("c", "qemu", "unavailable", "why");
    expect(statusOf(rows.all)).toBe(3);
    rows.add("d", "wine", "failed", "why");
    expect(statusOf(rows.all)).toBe(1);
  });

  test("prints a row for each file, and all that a failure said", async () => {
    const rows = new Rows();
    await rows.check("a", "native", () => "seen");
    await rows.check("b-long", "qemu", () => {
      throw new Error("first\nsecond");
    });
    await rows.check("c", "wine", () => {
      equal("it", 1, 2);
      return "";
    });
    expect(table(rows.all).split("\n")).toEqual([
      "file    how     result  note",
      "a       native  ok      seen",
      "b-long  qemu    failed  first",
      "c       wine    failed  it is 1, not 2",
      "",
      "b-long, qemu:",
      "first",
      "second",
    ]);
  });

  test("knows a program's system by its head, and starts this machine's by itself", () => {
    const own = targets.find((target) => starterFor(target, "/nowhere").how === "native");
    const head = readFileSync(process.execPath).subarray(0, 65_536);
    expect(systemOf(head)).toEqual({ os: own!.os, arch: own!.arch, libc: own!.libc });
    expect(systemOf(new Uint8Array(128))).toBeUndefined();
    expect(systemOf(new TextEncoder().encode(`#!/bin/sh\n${" ".repeat(99)}`))).toBeUndefined();
  });

  test("starts exactly one target by itself: this machine's", () => {
    const native = targets.filter((target) => starterFor(target, "/nowhere").how === "native");
    expect(native.length).toBe(1);
  });
});
