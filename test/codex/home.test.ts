import { expect, test } from "bun:test";
import { findCodexHome, type FolderState } from "../../src/codex/home.ts";
import type { Refusal } from "../../src/lib/trusted-path.ts";

const ours: FolderState = { uid: 1000, isFolder: true };
const theirs: FolderState = { uid: 0, isFolder: true };
const file: FolderState = { uid: 1000, isFolder: false };
const none: FolderState = { error: "ENOENT" };

test.each([
  [{ HOME: "/home/me" }, ours, { ok: true, path: "/home/me/.codex" }],
  [{ HOME: "/home/me", CODEX_HOME: "" }, ours, { ok: true, path: "/home/me/.codex" }],
  [{ HOME: "/home/me", CODEX_HOME: "/c" }, ours, { ok: true, path: "/c" }],
  [{ CODEX_HOME: "rel" }, ours, { ok: true, path: "/cwd/rel" }],
  [{ USERPROFILE: "C:\\Users\\me" }, ours, { ok: true, path: "C:\\Users\\me/.codex" }],
  [{ CODEX_HOME: "C:\\codex" }, ours, { ok: true, path: "C:\\codex" }],
  [{ HOME: "/home/me" }, none, { ok: false, path: "/home/me/.codex", reason: "missing" }],
  [{ CODEX_HOME: "/c" }, { error: "ENOTDIR" }, { ok: false, path: "/c", reason: "missing" }],
  [{ CODEX_HOME: "/c" }, { error: "EACCES" }, { ok: false, path: "/c", reason: "unreadable" }],
  [{ CODEX_HOME: "/c" }, file, { ok: false, path: "/c", reason: "notAFolder" }],
  [{ CODEX_HOME: "/c" }, theirs, { ok: false, path: "/c", reason: "notOurs" }],
  [{}, ours, { ok: false, path: undefined, reason: "unset" }],
  [{ HOME: "" }, ours, { ok: false, path: undefined, reason: "unset" }],
] as const)("%p, %p", (env, state, expected) => {
  const asked: string[] = [];
  const look = (path: string): FolderState => {
    asked.push(path);
    return state;
  };
  expect(findCodexHome(env, 1000, look, "/cwd")).toEqual(expected as never);
  expect(asked).toEqual(expected.path === undefined ? [] : [expected.path]);
});

test.each<[Refusal, string]>([
  [
    {
      kind: "refused",
      why: "the folder /c can be written by other users",
      folder: "/c",
      risk: "sticky",
    },
    "chmod go-w /c",
  ],
  [
    {
      kind: "refused",
      why: "the folder /x belongs to another user",
      folder: "/x",
      risk: "foreign",
    },
    "without sudo",
  ],
  [{ kind: "refused", why: "/x is a link of another user" }, "CODEX_HOME"],
])("a home that others can change is none: %j", (risk, fix) => {
  const home = findCodexHome({ CODEX_HOME: "/c" }, 1000, () => ({ ...ours, risk }), "/");
  expect(home).toMatchObject({ ok: false, path: "/c", reason: "open", why: risk.why });
  expect(home).toMatchObject({ fix: expect.stringContaining(fix) });
  expect(findCodexHome({ CODEX_HOME: "/c" }, 1000, () => ({ ...theirs, risk }), "/")).toMatchObject(
    { reason: "notOurs" },
  );
});

test("where users have no numbers, ownership is not asked for", () => {
  expect(findCodexHome({ CODEX_HOME: "/c" }, undefined, () => theirs, "/").ok).toBe(true);
});
