import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defaultLimits } from "../../src/presence/schedule.ts";
import type { SimulatedThread } from "../codex/simulated-codex.ts";
import { waitFor } from "../support/wait-for.ts";
import { openScene, repository, type Scene } from "./folder-scene.ts";
import { detailsOf } from "./stage.ts";

setDefaultTimeout(120_000);

// A session is shown by name; then something changes, and a falcon may not be seen any more. Every
// frame that Discord gets is looked at. What is new since the change (an eagle) may never be seen.

interface Kind {
  /** Before the session begins; resolves to its folder. */
  readonly folder: (scene: Scene) => string;
  readonly change: (scene: Scene, thread: SimulatedThread) => void;
  readonly rules?: (at: (name: string) => string) => readonly object[];
  /** The command whose file is shown; by default that of a file in the folder. */
  readonly command?: string;
}

/** How long a notice of the config or of a file may take, see docs/privacy.md. */
const noticeMs = 1000;

const open = "git@github.com:open/open.git";
const hides = '{ "level": "hidden" }';
const acme = () => [{ repo: "acme/*", level: "hidden" }];
const falcon = (scene: Scene): string => repository(scene.at("falcon"), open);

/** Puts a link in the place of another at once. */
function turn(link: string, to: string): void {
  symlinkSync(to, `${link}.new`);
  renameSync(`${link}.new`, link);
}

/** A file in a folder that may be new. */
function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const kinds: Readonly<Record<string, Kind>> = {
  "a rule is added": {
    folder: falcon,
    change: (scene) => scene.configure({ rules: [{ path: scene.at("falcon"), level: "hidden" }] }),
  },
  "the level is lowered": {
    folder: falcon,
    change: (scene) => scene.configure({ level: "private" }),
  },
  "a word is added": {
    folder: falcon,
    change: (scene) => scene.configure({ words: ["falcon", "eagle"] }),
  },
  "it is paused": {
    folder: falcon,
    change: (scene) => scene.configure({}, { display: { paused: true } }),
  },
  "a .codex-presence.json is added": {
    folder: falcon,
    change: (scene) => writeFileSync(scene.at("falcon/.codex-presence.json"), hides),
  },
  "a .codex-presence.json is made stricter": {
    folder: (scene) => {
      put(scene.at("falcon/.codex-presence.json"), '{ "level": "full" }');
      return falcon(scene);
    },
    change: (scene) => put(scene.at("falcon/.codex-presence.json"), '{ "level": "private" }'),
  },
  "a .codex-presence.json is added in a lower folder": {
    folder: (scene) => {
      put(scene.at("open/low/falcon.ts"), "");
      put(scene.at("open/low/eagle.ts"), "");
      return repository(scene.at("open"), open);
    },
    command: "cat low/falcon.ts",
    change: (scene) => put(scene.at("open/low/.codex-presence.json"), '{ "level": "project" }'),
  },
  "its folder is moved away": {
    folder: falcon,
    rules: acme,
    change: (scene) => renameSync(scene.at("falcon"), scene.at("elsewhere")),
  },
  "another repository comes into its place": {
    folder: falcon,
    rules: acme,
    change: (scene) => {
      repository(scene.at("next"));
      renameSync(scene.at("falcon"), scene.at("elsewhere"));
      renameSync(scene.at("next"), scene.at("falcon"));
    },
  },
  "the link that is its folder is turned": {
    folder: (scene) => {
      repository(scene.at("hidden/falcon"));
      symlinkSync(repository(scene.at("shown/falcon"), open), scene.at("link"));
      return scene.at("link");
    },
    rules: acme,
    change: (scene) => turn(scene.at("link"), scene.at("hidden/falcon")),
  },
  "a link in a rule is turned": {
    folder: (scene) => {
      mkdirSync(scene.at("other"));
      return repository(scene.at("data/falcon"), open);
    },
    rules: (at) => {
      symlinkSync(at("other"), at("clients"));
      return [{ path: `${at("clients")}/**`, level: "hidden" }];
    },
    change: (scene) => turn(scene.at("clients"), scene.at("data")),
  },
  "the link that is its file is turned": {
    folder: (scene) => {
      put(scene.at("out/falcon.ts"), "");
      put(scene.at("open/src/falcon.ts"), "");
      symlinkSync(scene.at("open/src"), scene.at("open/link"));
      return repository(scene.at("open"), open);
    },
    command: "cat link/falcon.ts",
    change: (scene) => turn(scene.at("open/link"), scene.at("out")),
  },
  "a hidden repository is cloned into its folder": {
    folder: (scene) => {
      repository(scene.at("falcon"), open);
      mkdirSync(scene.at("falcon/in"));
      return scene.at("falcon/in");
    },
    rules: acme,
    change: (scene) => void repository(scene.at("falcon/in")),
  },
  "git remote add": {
    folder: falcon,
    rules: acme,
    change: (scene) => {
      const add = ["git", "-C", scene.at("falcon"), "remote", "add", "up", "git@x.example:acme/f"];
      expect(Bun.spawnSync(add).exitCode).toBe(0);
    },
  },
  "a remote is added in a file that git's config includes": {
    folder: (scene) => {
      const cwd = falcon(scene);
      writeFileSync(scene.at("included"), "");
      appendFileSync(join(cwd, ".git/config"), `[include]\npath = ${scene.at("included")}\n`);
      return cwd;
    },
    rules: acme,
    change: (scene) => writeFileSync(scene.at("included"), '[remote "up"]\nurl = h:acme/f\n'),
  },
  "the thread is resumed in a hidden folder": {
    folder: falcon,
    rules: acme,
    change: (scene, thread) => {
      const cwd = repository(scene.at("eagle"));
      thread.line("turn_context", { turn_id: thread.turn, model: "gpt-5.5", cwd });
    },
  },
  "another publisher takes over, with another home": {
    folder: (scene) => repository(scene.at("other-home/clients/falcon"), open),
    rules: () => [{ path: "~/clients/**", level: "hidden" }],
    change: (scene) => void scene.takeOver({ HOME: scene.at("other-home") }),
  },
  "another publisher takes over, with another config": {
    folder: falcon,
    change: (scene) => {
      scene.publisher.signal("SIGSTOP");
      scene.configure({ level: "private" });
      scene.takeOver({});
      scene.publisher.signal("SIGCONT");
    },
  },
};

/** A session that has shown its falcon. */
async function shown({ folder, rules, command = "cat falcon.ts" }: Kind) {
  const scene = await openScene({});
  if (rules !== undefined) scene.configure({ rules: rules(scene.at) });
  const thread = scene.begin({ cwd: folder(scene) });
  thread.call(command);
  const isShown = () => detailsOf(scene.discord.visible) === "Reading falcon.ts";
  await waitFor("the falcon", isShown, 30_000);
  return { scene, thread };
}

/** Texts of the frames that tell what they may not, some time after the change. */
function forbidden({ discord }: Scene, changedAt: number): readonly string[] {
  return discord.frames.flatMap(({ at, data }) => {
    const text = JSON.stringify(data);
    const isLate = at > changedAt + noticeMs && text.includes("falcon");
    return isLate || text.includes("eagle") ? [`${Math.round(at - changedAt)} ms: ${text}`] : [];
  });
}

/** Resolves when a friend sees no falcon any more, and what was on its way has come. */
async function isOver({ discord }: Scene): Promise<void> {
  const gone = () => !JSON.stringify(discord.visible ?? "").includes("falcon");
  await waitFor("no falcon", gone, 30_000);
}

describe.concurrent.each(Object.entries(kinds))("%s:", (_, kind) => {
  test("while the session goes on", async () => {
    const { scene, thread } = await shown(kind);
    await using _scene = scene;
    const changedAt = Date.now();
    kind.change(scene, thread);
    thread.call((kind.command ?? "cat falcon.ts").replace("falcon", "eagle"));
    await isOver(scene);
    expect(forbidden(scene, changedAt)).toEqual([]);
  });

  test("at rest, and Discord is told of the card once more", async () => {
    const { scene, thread } = await shown(kind);
    await using _scene = scene;
    const from = Date.now();
    const passed = (ms: number) => waitFor(`${ms} ms`, () => Date.now() - from > ms, 2 * ms);
    // By then what is on the card is looked at less often.
    await passed(defaultLimits.repeat - 5000);
    const changedAt = Date.now();
    kind.change(scene, thread);
    await passed(defaultLimits.repeat + 2000);
    expect(forbidden(scene, changedAt)).toEqual([]);
  });
});

test("a publisher that was stopped meanwhile sends nothing from before", async () => {
  const { scene } = await shown({ folder: falcon, change: () => undefined });
  await using _scene = scene;
  scene.publisher.signal("SIGSTOP");
  writeFileSync(scene.at("falcon/.codex-presence.json"), hides);
  const changedAt = Date.now();
  const isDue = () => Date.now() - changedAt > defaultLimits.repeat + noticeMs;
  await waitFor("the repetition to be due", isDue, 20_000);
  scene.publisher.signal("SIGCONT");
  await isOver(scene);
  expect(forbidden(scene, changedAt)).toEqual([]);
});
