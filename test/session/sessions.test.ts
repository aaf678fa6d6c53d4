import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { ActivityKind } from "../../src/session/activity.ts";
import {
  aggregateOf,
  holdMs,
  leaderOf,
  rank,
  type Leader,
  type RankedSession,
} from "../../src/session/sessions.ts";

function session(id: string, kind: ActivityKind, more: Partial<RankedSession> = {}): RankedSession {
  return {
    id,
    parent: undefined,
    own: false,
    activity: { kind, since: 1 },
    turn: `${id}-turn`,
    projectKey: undefined,
    startedAt: 1,
    updatedAt: 1,
    ...more,
  };
}

const ids = (sessions: readonly RankedSession[]) => rank(sessions).map((each) => each.session.id);

describe("rank", () => {
  test("an agent of an agent that is over belongs to the session that both began with", () => {
    const agent = session("c", "running", { parent: "b", root: "a", updatedAt: 5 });
    const deeper = session("d", "running", { parent: "c", root: "a" });
    const [group, ...others] = rank([session("a", "idle"), agent, deeper]);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ session: { id: "a" }, agents: 2, updatedAt: 5 });
    const between = session("f", "running", { parent: "over", root: "a" });
    const last = session("g", "running", { parent: "f" });
    expect(ids([session("a", "idle"), between, last])).toEqual(["a"]);
    // Where that is over, too, they stay together.
    expect(rank([agent, deeper])).toHaveLength(1);
    expect(rank([agent, session("e", "running", { parent: "f", root: "a" })])).toHaveLength(1);
  });

  test.each<[string, RankedSession[], string]>([
    [
      "the own child comes before whoever waits or works",
      [session("a", "approval"), session("b", "idle", { own: true }), session("c", "running")],
      "b a c",
    ],
    [
      "who waits for the person comes before who works, and that before who rests",
      [session("a", "idle", { updatedAt: 9 }), session("b", "thinking"), session("c", "question")],
      "c b a",
    ],
    [
      "among equals whoever wrote last",
      [session("a", "running"), session("b", "editing", { updatedAt: 5 })],
      "b a",
    ],
    ["and then the name", [session("b", "running"), session("a", "running")], "a b"],
    [
      "an error, a limit and a start are no work",
      [
        session("a", "error"),
        session("b", "limited"),
        session("c", "starting"),
        session("d", "tool"),
      ],
      "d a b c",
    ],
  ])("%s", (_, sessions, expected) => {
    expect(ids(sessions).join(" ")).toBe(expected);
  });

  test("sub-agents of sub-agents count as the first of them", () => {
    const groups = rank([
      session("main", "idle", { updatedAt: 2 }),
      session("agent", "running", { parent: "main", activity: { kind: "running", since: 7 } }),
      session("deep", "reading", { parent: "agent", updatedAt: 8 }),
      session("done", "idle", { parent: "main" }),
      session("other", "idle"),
    ]);
    expect(groups.map(({ session: { id }, agents, updatedAt }) => [id, agents, updatedAt])).toEqual(
      [
        ["main", 2, 8],
        ["other", 0, 1],
      ],
    );
    expect(groups[0]?.activity).toEqual({ kind: "delegating", since: 1 });
  });

  test("an agent that waits for the person stops them all", () => {
    const agent = session("agent", "approval", { parent: "main" });
    expect(rank([session("main", "delegating"), agent])[0]?.activity.kind).toBe("approval");
  });

  test("agents whose session is gone stand for it together", () => {
    const agents = ["b", "a"].map((id) => session(id, "running", { parent: "gone" }));
    expect(rank(agents).map((group) => [group.session.id, group.agents])).toEqual([["a", 1]]);
  });

  test("parents in a circle end", () => {
    const [a, b] = [session("a", "idle", { parent: "b" }), session("b", "idle", { parent: "a" })];
    expect(rank([a, b]).flatMap((group) => group.session.id).length).toBeGreaterThan(0);
  });

  test("the order they come in does not matter", () => {
    const kinds = fc.constantFrom<ActivityKind>("idle", "running", "approval", "error");
    const one = fc.tuple(
      fc.stringMatching(/^[a-f]$/),
      kinds,
      fc.nat(3),
      fc.option(fc.stringMatching(/^[a-f]$/)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ([id]) => id }), fc.nat(), (list, turn) => {
        const sessions = list.map(([id, kind, updatedAt, parent]) =>
          session(id, kind, { updatedAt, parent: parent ?? undefined }),
        );
        const cut = sessions.length === 0 ? 0 : turn % sessions.length;
        const turned = [...sessions.slice(cut), ...sessions.slice(0, cut)];
        expect(rank(turned)).toEqual(rank(sessions));
      }),
    );
  });
});

describe("leaderOf", () => {
  const busy = (id: string, updatedAt = 1, turn: string | undefined = `${id}-turn`) =>
    session(id, "running", { updatedAt, turn });
  const lead = (before: Leader | undefined, sessions: RankedSession[], now: number, pin?: string) =>
    leaderOf(before, rank(sessions), now, pin);
  const a = lead(undefined, [busy("a", 2), busy("b")], 0);

  test("two busy sessions do not take turns", () => {
    let leader = a;
    for (let now = 0; now < 60_000; now += 1000) {
      const [first, second] = now % 2000 === 0 ? ["b", "a"] : ["a", "b"];
      leader = lead(leader, [busy(first, now + 1), busy(second, now)], now);
      expect(leader?.id).toBe("a");
    }
  });

  test("another one leads when it ranked first for ten seconds", () => {
    const sessions = [busy("a"), busy("b", 5)];
    const waits = lead(a, sessions, 1000);
    expect(waits).toEqual({ id: "a", turn: "a-turn", rivalSince: 1000 });
    expect(lead(waits, sessions, 1000 + holdMs - 1)?.id).toBe("a");
    expect(lead(waits, sessions, 1000 + holdMs)?.id).toBe("b");
  });

  test("or when the leader's turn ended, even if the next has begun", () => {
    const ended = session("a", "idle", { turn: undefined });
    expect(lead(a, [ended, busy("b")], 1)?.id).toBe("b");
    expect(lead(a, [busy("a", 1, "next"), busy("b", 5)], 1)?.id).toBe("b");
    expect(lead(a, [busy("a", 5, "next"), busy("b", 1)], 1)?.id).toBe("a");
  });

  test("or when the leader is over", () => {
    expect(lead(a, [busy("b")], 1)?.id).toBe("b");
    expect(lead(a, [], 1)).toBeUndefined();
  });

  test("an own child and a pinned session lead at once, and a pin on nobody changes nothing", () => {
    const own = session("own", "idle", { own: true });
    expect(lead(a, [busy("a"), own], 1)?.id).toBe("own");
    expect(lead(a, [busy("a", 9), busy("b")], 1, "b")?.id).toBe("b");
    expect(lead(a, [busy("a", 9), busy("b")], 1, "nobody")?.id).toBe("a");
  });
});

test("aggregate: sessions, projects, and the first start", () => {
  const groups = rank([
    session("a", "idle", { projectKey: "/p", startedAt: 5 }),
    session("b", "idle", { projectKey: "/p", startedAt: 3 }),
    session("c", "idle"),
    session("agent", "idle", { parent: "a", projectKey: "/elsewhere" }),
  ]);
  expect(aggregateOf(groups)).toEqual({ sessions: 3, projects: 2, startedAt: 1 });
  expect(aggregateOf([])).toEqual({ sessions: 0, projects: 0, startedAt: undefined });
});
