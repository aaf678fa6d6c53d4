import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { openScene, repository, type Scene } from "./folder-scene.ts";
import { detailsOf } from "./stage.ts";

setDefaultTimeout(90_000);

/** A repository with files inside it, and a folder beside it; a falcon is never to be seen. */
function makeTree(scene: Scene): string {
  const cwd = repository(scene.at("open"), "git@github.com:open/open.git");
  for (const folder of ["out", "open/src", "open/secret"]) mkdirSync(scene.at(folder));
  for (const file of ["out/falcon.py", "open/src/sparrow.py", "open/secret/falcon.ts"]) {
    writeFileSync(scene.at(file), "");
  }
  repository(scene.at("open/nested"), "git@github.com:acme/nested.git");
  symlinkSync(scene.at("out"), scene.at("open/link"));
  return cwd;
}

test("a file is named where its real place is in the repository", async () => {
  await using scene = await openScene({});
  const thread = scene.begin({ cwd: makeTree(scene) });
  const shows = (details: string) =>
    scene.discord.waitFor(({ visible }) => detailsOf(visible) === details, details);
  thread.call("cat src/sparrow.py");
  await shows("Reading sparrow.py");
  thread.call("python3 src/sparrow.py");
  await shows("Running sparrow.py");
});

const outside: readonly (readonly [command: string, workdir: string | undefined])[] = [
  ["cat link/falcon.py", undefined],
  ["python3 link/falcon.py", undefined],
  ["python3 ../out/falcon.py", undefined],
  ["link/falcon.py", undefined],
  ["cd ../out && python3 falcon.py", undefined],
  ["head -3 src/../../out/falcon.py", undefined],
  ["cat falcon.py", "../out"],
  ["env -vC ../out cat falcon.py", undefined],
  ["uv run --directory ../out python falcon.py", undefined],
  ["cat C:/out/falcon.py", undefined],
  ["cat nested/falcon.ts", undefined],
  ["cat secret/falcon.ts", undefined],
];

test.concurrent.each(outside)("no frame names the file of %s", async (command, workdir) => {
  await using scene = await openScene({ rules: [{ repo: "acme/*", level: "hidden" }] });
  const cwd = makeTree(scene);
  writeFileSync(scene.at("open/secret/.codex-presence.json"), '{ "level": "project" }');
  const thread = scene.begin({ cwd });
  thread.call(command, workdir === undefined ? undefined : scene.at("out"));
  await scene.discord.waitFor(({ visible }) => visible !== undefined, "its card");
  // What it did before is known by the time its next file is on the card.
  thread.call("cat src/sparrow.py");
  await scene.discord.waitFor(({ visible }) => detailsOf(visible) === "Reading sparrow.py", "it");
  expect(scene.sent()).not.toContain("falcon");
});
