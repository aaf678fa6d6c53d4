import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeFolders } from "../../src/cli/account.ts";
import { openScene, repository, witness } from "./folder-scene.ts";
import { detailsOf } from "./stage.ts";

setDefaultTimeout(90_000);

// A publisher at the level that names most, sessions that write their rollouts, and what a friend
// sees. A falcon is never to be seen: neither the project nor a file of it.

const hides = '{ "level": "hidden" }';
const repoRule = [{ repo: "acme/*", level: "hidden" }];

describe.concurrent("hidden by its remote, and named by nothing", () => {
  test("when the clone is deleted", async () => {
    await using scene = await openScene({ rules: repoRule });
    const cwd = repository(scene.at("falcon"));
    const thread = scene.begin({ cwd });
    await scene.because(/rule 1 \(repo acme/);
    rmSync(cwd, { recursive: true });
    thread.call("cat falcon.ts");
    const seen = await witness(scene);
    thread.call("cat falcon2.ts");
    seen.call("cat again.ts");
    await scene.discord.waitFor(
      ({ visible }) => detailsOf(visible) === "Reading again.ts",
      "witness",
    );
    expect(scene.sent()).not.toContain("falcon");
  });

  test.each([
    ["with the remote that Codex wrote down", { repositoryUrl: "https://github.com/acme/f" }],
    ["without any", {}],
  ])("when it never was on this machine, %s", async (_, written) => {
    await using scene = await openScene({ rules: repoRule });
    scene.begin({ cwd: "/workspaces/falcon", ...written }).call("cat falcon.ts");
    await scene.because(/rule 1/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("when it lies 70 levels deep", async () => {
    await using scene = await openScene({ rules: repoRule });
    const cwd = join(repository(scene.at("falcon")), "d/".repeat(70), "falcon");
    mkdirSync(cwd, { recursive: true });
    scene.begin({ cwd }).call("cat falcon.ts");
    await scene.because(/rule 1 \(repo acme/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("when the home folder is the repository", async () => {
    await using scene = await openScene({ rules: repoRule });
    repository(scene.at("person"));
    const cwd = scene.at("person/falcon");
    mkdirSync(cwd);
    scene.begin({ cwd }).call("cat falcon.ts");
    await scene.because(/rule 1 .*home folder/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("when its .git leads nowhere, inside a repository that may be seen", async () => {
    await using scene = await openScene({ rules: repoRule });
    const cwd = join(repository(scene.at("outer"), "git@github.com:open/outer.git"), "falcon");
    mkdirSync(cwd);
    writeFileSync(join(cwd, ".git"), "gitdir: /nowhere/at/all\n");
    scene.begin({ cwd }).call("cat falcon.ts");
    await scene.because(/rule 1 .*leads nowhere/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("when its config has a mistake", async () => {
    await using scene = await openScene({ rules: repoRule });
    const cwd = repository(scene.at("falcon"), "git@github.com:open/falcon.git");
    writeFileSync(join(cwd, ".git/config"), "[remote");
    scene.begin({ cwd }).call("cat falcon.ts");
    await scene.because(/rule 1 .*git takes it for no repository/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("when it has hundreds of remotes", async () => {
    await using scene = await openScene({ rules: repoRule });
    const cwd = repository(scene.at("falcon"), "git@github.com:open/falcon.git");
    const remotes = Array.from(
      { length: 300 },
      (_, i) => `[remote "r${i}"]\nurl = git@github.com:${i === 299 ? "acme" : "open"}/falcon\n`,
    );
    writeFileSync(join(cwd, ".git/config"), remotes.join(""));
    scene.begin({ cwd }).call("cat falcon.ts");
    await scene.because(/rule 1 \(repo acme/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });
});

describe.concurrent("hidden by its own file, and named by nothing", () => {
  test("when its folder is deleted", async () => {
    await using scene = await openScene({});
    const cwd = scene.at("falcon");
    mkdirSync(cwd);
    writeFileSync(join(cwd, ".codex-presence.json"), hides);
    const thread = scene.begin({ cwd });
    await scene.because(/\.codex-presence\.json: hidden/);
    rmSync(cwd, { recursive: true });
    thread.call("cat falcon.ts");
    await scene.because(/the folder is gone/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("when its folder was deleted before this publisher began", async () => {
    await using scene = await openScene({});
    scene.begin({ cwd: scene.at("falcon") }).call("cat falcon.ts");
    await scene.because(/the folder is gone/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("in the main worktree", async () => {
    await using scene = await openScene({});
    const main = repository(scene.at("falcon"));
    writeFileSync(join(main, ".codex-presence.json"), hides);
    mkdirSync(join(main, ".git/worktrees/side"), { recursive: true });
    writeFileSync(join(main, ".git/worktrees/side/HEAD"), "ref: refs/heads/side\n");
    writeFileSync(join(main, ".git/worktrees/side/commondir"), "../..\n");
    const side = scene.at("side");
    mkdirSync(side);
    writeFileSync(join(side, ".git"), `gitdir: ${join(main, ".git/worktrees/side")}\n`);
    scene.begin({ cwd: side }).call("cat falcon.ts");
    await scene.because(/\.codex-presence\.json: hidden/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("a thread that says that it begins tomorrow: not one card before the folder was looked at", async () => {
    await using scene = await openScene({});
    const cwd = scene.at("falcon");
    mkdirSync(cwd);
    writeFileSync(join(cwd, ".codex-presence.json"), hides);
    const claimedAt = Date.now() + 86_400_000;
    scene.begin({ cwd, claimedAt }).call("cat falcon.ts");
    await scene.because(/\.codex-presence\.json: hidden/);
    expect(scene.discord.updates).toEqual([]);
  });
});

describe.concurrent("what moves while it runs is seen before the next file is named", () => {
  test.each(["appears", "is turned"])("a link in a rule that %s", async (change) => {
    await using scene = await openScene({ rules: [] });
    const cwd = repository(scene.at("data/kept"), "git@github.com:open/kept.git");
    mkdirSync(scene.at("other"));
    // The config is read again by itself.
    const rules = [{ path: `${scene.at("clients")}/**`, level: "hidden" }];
    const file = scene.at(".codex/discord-presence-config.json");
    if (change === "is turned") symlinkSync(scene.at("other"), scene.at("clients"));
    const config = { $schema: "x", schema_version: 2, privacy: { level: "full", rules } };
    writeFileSync(`${file}.new`, JSON.stringify(config));
    renameSync(`${file}.new`, file);
    const thread = scene.begin({ cwd });
    thread.call("cat first.ts");
    await scene.discord.waitFor(({ visible }) => detailsOf(visible) === "Reading first.ts", "seen");
    symlinkSync(scene.at("data"), scene.at("next"));
    renameSync(scene.at("next"), scene.at("clients"));
    thread.call("cat falcon.ts");
    await scene.discord.waitFor(({ visible }) => visible === undefined, "no card");
    expect(scene.sent()).not.toContain("falcon");
  });

  test("a hidden repository that is cloned into the session's folder", async () => {
    await using scene = await openScene({ rules: repoRule });
    const outer = repository(scene.at("outer"), "git@github.com:open/outer.git");
    const cwd = join(outer, "in");
    mkdirSync(cwd);
    const thread = scene.begin({ cwd });
    thread.call("cat first.ts");
    await scene.discord.waitFor(({ visible }) => detailsOf(visible) === "Reading first.ts", "seen");
    repository(cwd);
    thread.call("cat falcon.ts");
    await scene.discord.waitFor(({ visible }) => visible === undefined, "no card");
    expect(scene.sent()).not.toContain("falcon");
  });

  test("a session's folder that is a link, turned to a hidden repository", async () => {
    await using scene = await openScene({ rules: repoRule });
    symlinkSync(repository(scene.at("open"), "git@github.com:open/x.git"), scene.at("link"));
    repository(scene.at("falcon"));
    const thread = scene.begin({ cwd: scene.at("link") });
    thread.call("cat first.ts");
    await scene.discord.waitFor(({ visible }) => detailsOf(visible) === "Reading first.ts", "seen");
    symlinkSync(scene.at("falcon"), scene.at("next"));
    renameSync(scene.at("next"), scene.at("link"));
    thread.call("cat falcon.ts");
    await scene.discord.waitFor(({ visible }) => visible === undefined, "no card");
    expect(scene.sent()).not.toContain("falcon");
  });
});

describe.concurrent("~ in a rule", () => {
  const rules = [{ path: "~/falcon-clients/**", level: "hidden" }];

  test("is the account's home, whatever $HOME the publisher has", async () => {
    await using scene = await openScene({ rules });
    const [account] = homeFolders();
    scene.begin({ cwd: `${account}/falcon-clients/app` }).call("cat falcon.ts");
    await scene.because(/rule 1 \(path ~/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });

  test("is $HOME, too", async () => {
    await using scene = await openScene({ rules });
    scene.begin({ cwd: scene.at("person/falcon-clients/app") }).call("cat falcon.ts");
    await scene.because(/rule 1 \(path ~/);
    await witness(scene);
    expect(scene.sent()).not.toContain("falcon");
  });
});

test("a folder that is not on this machine is named where no rule could be meant for it", async () => {
  await using scene = await openScene({ rules: [{ path: "/elsewhere/**", level: "hidden" }] });
  scene.begin({ cwd: "/workspaces/harbour" });
  await scene.discord.waitFor(
    ({ visible }) => JSON.stringify(visible ?? "").includes("harbour"),
    "a card",
  );
});
