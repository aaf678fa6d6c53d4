import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { openRepositories } from "../../src/repository/repositories.ts";
import { filesFor, makeHome, write } from "./folders.ts";

const home = makeHome();
afterAll(() => home[Symbol.dispose]());

const gitFolder = (path: string, config: string): Record<string, string> => ({
  [`${path}/HEAD`]: "ref: refs/heads/main\n",
  [`${path}/config`]: config,
  [`${path}/objects/`]: "",
  [`${path}/refs/`]: "",
  [`${path}/hooks/`]: "",
});

beforeAll(() =>
  write(home.path, {
    ...gitFolder("app/.git", "[core]\n\tbare = false\n"),
    ...gitFolder("app/.git/modules/lib", "[core]\n\tworktree = ../../../lib\n"),
    "app/lib/.git": "gitdir: ../.git/modules/lib\n",
    ...gitFolder("lost/.git/modules/lib", "[core]\n\tworktree = ../../../gone\n"),
    ...gitFolder("tool.git", "[core]\n\tbare = true\n"),
  }),
);

// What the worktree's files and the rules for its folder ask for holds in there, too.
test.each([
  ["app/.git", "app", "app"],
  ["app/.git/hooks", "app", "app"],
  ["app/.git/modules/lib", "app/lib", "lib"],
  ["app/.git/modules/lib/hooks", "app/lib", "lib"],
  ["lost/.git/modules/lib", "lost/.git/modules/lib", "lib"],
  ["tool.git", "tool.git", "tool"],
  ["tool.git/hooks", "tool.git", "tool"],
])("in %s the worktree is %s", async (folder, main, name) => {
  const repositories = openRepositories(filesFor([home.path]), systemClock, { deadlineMs: 5000 });
  const looked = await repositories.look(join(home.path, folder));
  const look = looked?.look;
  if (look?.kind !== "repository") throw new Error(JSON.stringify(look));
  expect(look.repository.main).toBe(join(home.path, main));
  expect(look.repository.name).toBe(name);
});
