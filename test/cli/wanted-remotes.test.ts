import { expect, test } from "bun:test";
import { wantedRemotes } from "../../src/cli/wanted-remotes.ts";
import { checkConfig } from "../../src/config/check.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { filesFor } from "../repository/folders.ts";
import { gitStage, paths, realPath } from "../repository/git-stage.ts";

test.each<[string, object, boolean]>([
  ["a fresh install", {}, false],
  ["hidden", { level: "hidden" }, false],
  ["a rule for paths", { rules: [{ path: "/x", level: "hidden" }] }, false],
  ["a rule for repositories", { rules: [{ repo: "x/*", level: "hidden" }] }, true],
  ["a rule for hosts", { rules: [{ host: "x", level: "private" }] }, true],
  ["a level that names the project", { level: "project" }, true],
  ["a level that names all", { level: "full" }, true],
  ["a switch for the project", { show_project_name: true }, true],
  ["a switch for the branch", { show_git_branch: true }, true],
  ["a switch for what it works on", { show_activity_target: true }, true],
  ["a switch for the button", { show_repo_button: true }, true],
  ["a switch for the title", { show_title: true }, true],
])("with %s git is asked: %p", async (_, privacy, isAsked) => {
  using stage = gitStage();
  const { config, problems } = checkConfig({ privacy });
  expect(problems).toEqual([]);
  let asked = 0;
  const program = stage.openProgram(realPath);
  const git = { ...program, state: () => ((asked += 1), program.state()) };
  const people: string[] = [];
  const remotes = wantedRemotes({
    env: { HOME: stage.home },
    git,
    files: filesFor([stage.home]),
    clock: systemClock,
    config: () => config,
    onPeople: (names) => people.push(...names),
  });
  const known = await remotes(stage.repository("r", "[user]\n\tname = Jane\n"));
  expect(known.kind).toBe(isAsked ? "known" : "unknown");
  expect(asked).toBe(isAsked ? 1 : 0);
  expect(people).toEqual(isAsked ? ["Jane"] : []);
  if (!isAsked) expect(paths(known)).toContain("git is not asked");
});
