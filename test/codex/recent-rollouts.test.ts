import { expect, test } from "bun:test";
import { openRecentRollouts } from "../../src/codex/recent-rollouts.ts";

const now = Date.UTC(2026, 10, 22, 12);
const later = Date.UTC(2027, 4, 1);
const thread = "01a20404-3caf-7502-964c-9aa9579c1384";
const file = `rollout-2027-05-01T10-00-00-${thread}.jsonl`;

/** A home whose newest folder no clock names. */
function disk() {
  const asked: string[] = [];
  const names: Readonly<Record<string, readonly string[]>> = {
    "/h/sessions": ["2027", "2026", "notes"],
    "/h/sessions/2027": ["05"],
    "/h/sessions/2027/05": ["01"],
    "/h/sessions/2027/05/01": [file],
    "/h/sessions/2026": ["11"],
    "/h/sessions/2026/11": ["22"],
    "/h/sessions/2026/11/22": [],
  };
  const list = async (folder: string): Promise<readonly string[]> => {
    asked.push(folder);
    return Promise.resolve(names[folder] ?? []);
  };
  const stat = async (path: string) => {
    const there = path in names || path.endsWith(".jsonl");
    return Promise.resolve(there ? { inode: 1, size: 9, modifiedAt: later } : undefined);
  };
  return { asked, list, stat };
}

test("folders that no clock names are found at first, then once a minute", async () => {
  const home = disk();
  const recent = openRecentRollouts(home, "/h");
  const look = async (at: number): Promise<readonly string[]> => {
    home.asked.length = 0;
    return (await recent.look(at)).map(({ path }) => path);
  };
  expect(await look(now)).toEqual([`/h/sessions/2027/05/01/${file}`]);
  expect(await look(now + 59_999)).toEqual([]);
  expect(home.asked).not.toContain("/h/sessions");
  await look(now + 60_000);
  expect(home.asked).toContain("/h/sessions");
  await look(now - 1);
  expect(home.asked).toContain("/h/sessions");
});
