import { describe, expect, test } from "bun:test";
import { dueWith, mergeReports, readReports } from "../../src/cli/session-report.ts";
import type { ActivityKind } from "../../src/session/activity.ts";
import { noSessions, type SessionView } from "../../src/session/session-view.ts";
import { session } from "../ui/pane-models.ts";

const now = 1_000_000;
const thread = "0000aaaa-1";
/** By its rollout: a turn in which a command runs, told at 900 000. */
const busy: SessionView = {
  ...session,
  id: thread,
  own: false,
  evidence: "rollout",
  turn: "turn-1",
  activity: { kind: "running", since: 900_000, target: "npm test" },
  updatedAt: 900_000,
};
/** By its rollout: the turn has ended at 900 000. */
const rested: SessionView = {
  ...busy,
  turn: undefined,
  activity: { kind: "idle", since: 900_000 },
};

function claimed(view: SessionView, kind: ActivityKind, since: number, at = now): SessionView {
  const told = { thread, activity: { kind, since }, open: true, startedAt: 5, cwd: "/elsewhere" };
  const reports = readReports([{ pid: 1, startedAt: 5, session: told }]);
  const list = { ...noSessions, sessions: [view], leader: view };
  const [merged] = mergeReports(list, reports, at).sessions;
  if (merged === undefined) throw new Error("the session is gone");
  return merged;
}

describe("a wrapper tells what no rollout says", () => {
  test.each<[ActivityKind]>([["approval"], ["question"], ["compacting"]])(
    "%s, for as long as the turn goes on",
    (kind) => {
      const merged = claimed(busy, kind, 899_000, now + 3_600_000);
      expect(merged.activity).toEqual({ kind, since: 899_000 });
      expect([merged.evidence, merged.open]).toEqual(["wrapper", true]);
    },
  );

  test("the end of a turn that left no line", () => {
    expect(claimed(busy, "idle", 950_000).activity.kind).toBe("idle");
    expect(claimed(busy, "error", now - 5).activity.kind).toBe("error");
  });

  test.each<[ActivityKind]>([["thinking"], ["running"], ["approval"], ["starting"]])(
    "the start of a turn, before its line is written: %s",
    (kind) => {
      expect(claimed(rested, kind, now - 50).activity).toEqual({ kind, since: now - 50 });
    },
  );

  test("since when its child runs", () => {
    expect(claimed(busy, "running", now).startedAt).toBe(5);
  });

  test("everything of a run of which no rollout tells", () => {
    const unknown: SessionView = { ...rested, evidence: "wrapper", updatedAt: now };
    expect(claimed(unknown, "thinking", 1).activity).toEqual({ kind: "thinking", since: 1 });
  });
});

describe("what the rollout says outranks a wrapper", () => {
  test.each<[string, SessionView, ActivityKind, number]>([
    ["another activity in a turn", busy, "editing", now],
    ["an end before the newest line", busy, "idle", 899_999],
    ["an error before the newest line", busy, "error", 899_999],
    ["an error that the rollout never had", busy, "error", now - 10_000],
    ["a limit that the rollout never had", busy, "limited", now - 10_000],
    ["an approval from before the turn's end", rested, "approval", 899_999],
    ["an approval in a turn that never began", rested, "approval", now - 10_000],
    ["work in a turn that never began", rested, "running", now - 10_000],
    ["work from before the turn's end", rested, "thinking", 899_999],
    ["rest from before the turn's end", rested, "idle", 899_999],
    ["work at a time that has not come", rested, "running", now + 3_600_000],
    ["rest at a time that has not come", busy, "idle", now + 3_600_000],
  ])("%s", (_, view, kind, since) => {
    const { activity, evidence } = claimed(view, kind, since);
    expect({ activity, evidence }).toEqual({ activity: view.activity, evidence: "rollout" });
  });

  test("folder, branch, model and usage are the rollout's", () => {
    const { activity: _a, evidence: _e, open: _o, startedAt: _s, ...rest } = busy;
    expect(claimed(busy, "approval", now)).toMatchObject(rest);
  });

  test("a file or program that a wrapper names is not read", () => {
    const activity = { kind: "running", since: now, target: "forged", path: "/x", until: 1 };
    const told = { thread, activity, open: true, startedAt: 5 };
    const [report] = readReports([{ pid: 1, startedAt: 5, session: told }]);
    expect(report?.activity).toEqual({ kind: "running", since: now });
  });

  test.each<[string, object, boolean]>([
    ["a thread of 64 characters", { thread: "a".repeat(64) }, true],
    ["a longer one", { thread: "a".repeat(65) }, false],
    ["a folder of 4096 characters", { cwd: `/${"a".repeat(4095)}` }, true],
    ["a longer one", { cwd: `/${"a".repeat(4096)}` }, false],
    ["a folder of Windows", { cwd: "c:\\work" }, true],
    ["a relative folder", { cwd: "work" }, false],
    ["an address", { cwd: "file:///work" }, false],
  ])("%s: %#", (_, over, isRead) => {
    const told = { thread, activity: { kind: "running", since: 1 }, open: true, startedAt: 5 };
    const reports = readReports([{ pid: 1, startedAt: 5, session: { ...told, ...over } }]);
    expect(reports.length).toBe(isRead ? 1 : 0);
  });

  test("our own child is left as it is", () => {
    const own = { ...busy, own: true };
    expect(claimed(own, "approval", now)).toEqual(own);
  });
});

test("the list is made again when a report may stand no longer", () => {
  const activity = { kind: "thinking", since: now } as const;
  const reports = [{ thread, activity, open: true, startedAt: 5 }];
  expect(dueWith(reports, undefined, now)).toBe(now + 10_000);
  expect(dueWith(reports, now + 5, now)).toBe(now + 5);
  expect(dueWith(reports, undefined, now + 10_000)).toBeUndefined();
});
