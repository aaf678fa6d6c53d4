import { expect, test } from "bun:test";
import { readProgramStatus } from "../../src/codex/program-status.ts";

const read: readonly (readonly [string, string | undefined])[] = [
  ["state=idle:app=codex", "idle"],
  ["state=working:app=codex", "working"],
  ["state=done:app=codex", "done"],
  ["state=error:app=codex", "error"],
  ["state=clear", "clear"],
  ["state=blocked:app=codex:kind=permission", "blocked permission"],
  ["state=blocked:app=codex:kind=question", "blocked question"],
  ["kind=question:app=codex:state=blocked", "blocked question"],
  ["state=blocked:app=codex", "blocked"],
  ["state=blocked:app=codex:kind=weather", "blocked"],
  ["state=working:app=codex:kind=permission", "working"],
  ["id=7:progress=40:state=working:app=codex:msg=aGk=:title=", "working"],
  [" state = idle : app = codex ", "idle"],
  ["state=idle:app=codex\u0007", "idle"],
  ["state=idle:app=codex\u001b\\", "idle"],
  ["state=idle:state=working", "working"],
  ["?", undefined],
  ["", undefined],
  ["state=", undefined],
  ["state=sleeping:app=codex", "unknown"],
  ["state=waiting_for_review:app=codex:kind=permission", "unknown"],
  ["state=sleeping", undefined],
  ["state=SLEEPING:app=codex", undefined],
  [`state=${"x".repeat(40)}:app=codex`, undefined],
  ["state=working:app=make", undefined],
  ["state", undefined],
  ["=idle", undefined],
  ["STATE=idle", undefined],
  ["constructor=idle:state=toString", undefined],
  [`${"x".repeat(5000)}:state=idle`, undefined],
];

test.each(read)("the status %j is %p", (payload, expected) => {
  const status = readProgramStatus(payload);
  const told =
    status && (status.kind === undefined ? status.state : `${status.state} ${status.kind}`);
  expect(told).toBe(expected);
});
