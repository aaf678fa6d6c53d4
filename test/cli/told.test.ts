import { expect, test } from "bun:test";
import { readTold, toldOf, withoutPrompt, withTold } from "../../src/cli/told.ts";
import type { Answer } from "../../src/instance/request.ts";
import { noSessions, type SessionList, type SessionView } from "../../src/session/session-view.ts";
import { session } from "../ui/pane-models.ts";

const view = (id: string, activity: SessionView["activity"]): SessionView => ({
  ...session,
  id,
  activity,
});
const list = (...sessions: readonly SessionView[]): SessionList => ({
  ...noSessions,
  sessions,
  leader: sessions[0],
});
const running = view("0000aaaa-1", { kind: "running", since: 1, target: "touch" });
const answered = (value: unknown): Answer =>
  ({ kind: "answered", value, running: { pid: 1 } }) as unknown as Answer;

test("an approval that only the publisher knows of is told; the rest stays as it is read", () => {
  const approval = view(running.id, { kind: "approval", since: 9 });
  const told = readTold(answered({ sessions: toldOf(list(approval), 0) }));
  const better = withTold(list(running, view("0000bbbb-2", running.activity)), told);
  expect(better.sessions.map(({ activity }) => activity)).toEqual([
    { kind: "approval", since: 9 },
    running.activity,
  ]);
  expect(better.leader).toBe(better.sessions[0]);
  const same = withTold(list(running), readTold(answered({ sessions: toldOf(list(running), 0) })));
  expect(same.sessions[0]).toEqual(running);
});

test("which one the card is of is told by its order, the leader first", () => {
  const [first, second] = [running, view("0000bbbb-2", running.activity)];
  const told = readTold(
    answered({ sessions: toldOf({ ...list(first, second), leader: second }, 0) }),
  );
  expect(told.filter(({ shown }) => shown).map(({ id }) => id)).toEqual([second.id]);
  const none = readTold(answered({ sessions: toldOf(list(first), undefined) }));
  expect(none.some(({ shown }) => shown)).toBe(false);
});

test("nothing that has a name is told", () => {
  expect(JSON.stringify(toldOf(list(running), 0))).toBe(
    '[{"id":"0000aaaa-1","kind":"running","since":1,"evidence":"rollout","shown":true}]',
  );
});

test("sessions without a thread are counted", () => {
  const told = toldOf(
    list(view("child", running.activity), view("new-5", running.activity), running),
    undefined,
  );
  expect(withoutPrompt(readTold(answered({ sessions: told })))).toBe(2);
});

test.each<[unknown]>([
  [undefined],
  [{}],
  [{ sessions: "x" }],
  [{ sessions: [{ id: 1 }] }],
  [{ sessions: [{ id: "a", kind: "dancing", since: 1 }] }],
  [{ sessions: Array.from({ length: 65 }, () => ({ id: "a", kind: "idle", since: 1 })) }],
])("an answer of another version tells nothing: %j", (value) => {
  expect(readTold(answered(value))).toEqual([]);
  expect(readTold({ kind: "notRunning" } as Answer)).toEqual([]);
});
