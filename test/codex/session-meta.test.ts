import { expect, test } from "bun:test";
import { readSessionMeta } from "../../src/codex/session-meta.ts";

const id = "019e5155-b507-7d83-8c3d-9ecee5f93f12";
const parent = "019e5117-c673-7660-b218-af0489416e0f";
const spawned = (more: object = {}) => ({ subagent: { thread_spawn: { depth: 1, ...more } } });

// Whose a thread is, in every way that releases tell it: a person's, an agent's of another thread,
// or one that Codex runs for itself.
test.each<[object, string]>([
  [{}, "a person's"],
  [{ source: "cli", thread_source: "user", session_id: id }, "a person's"],
  [{ source: "vscode", originator: "codex-tui" }, "a person's"],
  [{ source: "exec", thread_source: "nightly-review" }, "a person's"],
  [{ source: "cli", forked_from_id: parent }, "a person's"],
  [{ parent_thread_id: parent }, "an agent of it"],
  [{ source: spawned({ parent_thread_id: parent }) }, "an agent of it"],
  [{ source: { subAgent: { threadSpawn: { parentThreadId: parent } } } }, "an agent of it"],
  [{ source: spawned(), session_id: parent }, "an agent of it"],
  [{ source: spawned(), session_id: id, forked_from_id: parent }, "an agent of it"],
  [{ source: "subagent", session_id: parent }, "an agent of it"],
  [{ thread_source: "subagent", session_id: parent }, "an agent of it"],
  [{ source: { subagent: "thread_spawn" }, parent_thread_id: parent }, "an agent of it"],
  [{ thread_source: { subagent: { thread_spawn: {} } }, session_id: parent }, "an agent of it"],
  [{ source: "subAgentThreadSpawn", session_id: parent }, "an agent of it"],
  // A sub-agent without a known parent.
  [{ source: spawned() }, "Codex's own"],
  [{ source: { subagent: "review" } }, "Codex's own"],
  [{ source: { subagent: "compact" } }, "Codex's own"],
  [{ source: { subagent: "memory_consolidation" } }, "Codex's own"],
  [{ source: { subagent: { other: "guardian" } }, parent_thread_id: parent }, "Codex's own"],
  [{ source: { subAgent: { other: "guardian" } } }, "Codex's own"],
  [{ source: { internal: "memory_consolidation" } }, "Codex's own"],
  [{ source: "cli", thread_source: "guardian_review" }, "Codex's own"],
  [{ source: "cli", thread_source: "memoryConsolidation" }, "Codex's own"],
  [{ source: "review" }, "Codex's own"],
  [{ source: "subAgentReview", parent_thread_id: parent }, "Codex's own"],
  [{ source: "subagent_other", parent_thread_id: parent }, "Codex's own"],
  [{ source: "cli", thread_source: { subagent: "review" } }, "Codex's own"],
  [{ source: "internal" }, "Codex's own"],
])("%j is %s", (told, expected) => {
  const { facts } = readSessionMeta({ id, ...told })!;
  const whose =
    facts.internal === true
      ? "Codex's own"
      : facts.parent === undefined
        ? "a person's"
        : "an agent of it";
  expect(whose).toBe(expected);
  if (expected === "an agent of it") expect(facts.parent).toBe(parent);
});

test("a rewound thread began when its id was made, not when it was rewound", () => {
  const told = { id, timestamp: "2027-01-01T00:00:00.000Z", history_base: { thread_id: id } };
  const { facts, continues } = readSessionMeta(told)!;
  expect(facts.createdAt).toBe(Number.parseInt("019e5155b507", 16));
  expect(continues).toBe("based");
  const fork = readSessionMeta({ ...told, history_base: { thread_id: parent } })!;
  expect(fork.facts.createdAt).toBe(Date.UTC(2027, 0, 1));
});

test("an agent of an agent names the thread that all of them began with", () => {
  const told = { id, parent_thread_id: parent, session_id: "019e5100-0000-7000-8000-000000000001" };
  expect(readSessionMeta(told)?.facts.root).toBe(told.session_id);
  expect(readSessionMeta({ id, session_id: id })?.facts.root).toBeUndefined();
});
