// `cdp` over the releases of Codex that people have: the pinned one, and older ones from npm. With
// names of stories as arguments: only those.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Stage, type StageOptions, openStage } from "../../test/e2e/stage.ts";
import { codexBinary } from "../../test/support/codex-home.ts";
import { codexRelease, olderReleases } from "./support/releases.ts";
import { check, finish, same, skip } from "./support/report.ts";

const rest = "Waiting for input";

interface Story {
  readonly name: string;
  /** The first minor release that has what the story needs. */
  readonly since?: number;
  readonly run: (open: Open) => Promise<void>;
}

type Open = (options?: StageOptions) => Promise<Stage>;

/** Codex takes a prompt: its composer is on the screen, by whatever release. */
async function ready({ terminal, friend }: Stage): Promise<void> {
  await terminal.waitForText(/^ *› /m, 30_000);
  await friend.sees(rest);
}

/** A prompt from "Thinking" to its end, as a friend sees it. */
async function turn(stage: Stage, story = "chat"): Promise<void> {
  const { user, model, friend } = stage;
  model.hold(`${story}/0`);
  await friend.hasRoom();
  await user.submit(`story ${story}`);
  await friend.sees("Thinking");
  model.release(`${story}/0`);
  await friend.sees(rest);
}

/** Ends Codex; its exit status and last words are its own. */
async function quit({ user, terminal, friend }: Stage): Promise<string> {
  await user.quit();
  same("exit", JSON.stringify(await terminal.exited), JSON.stringify({ code: 0 }));
  await friend.sees("-");
  return /codex resume ([0-9a-f-]{36})/.exec(terminal.history().join("\n"))?.[1] ?? "";
}

/** A turn in one Codex, and its thread in another one with these words before its id. */
async function again(open: Open, command: "resume" | "fork"): Promise<void> {
  await using first = await open();
  await ready(first);
  await turn(first);
  const id = await quit(first);
  await using second = await open({ beside: first, args: [...daemonless, command, id] });
  await ready(second);
  await turn(second, "shell");
  await quit(second);
}

let daemonless: readonly string[] = [];

const stories: readonly Story[] = [
  {
    name: "a prompt, and the end",
    async run(open) {
      await using stage = await open();
      await ready(stage);
      await turn(stage);
      await quit(stage);
    },
  },
  {
    name: "a command",
    async run(open) {
      await using stage = await open({ hold: ["build/0"] });
      await ready(stage);
      await stage.user.submit("story build");
      await stage.friend.sees("Thinking");
      await stage.friend.hasRoom();
      stage.model.release("build/0");
      await stage.friend.sees("Running a command");
      await stage.home.openGate();
      await stage.friend.sees(rest);
      await quit(stage);
    },
  },
  {
    name: "an approval",
    async run(open) {
      await using stage = await open({ sandbox: "workspace-write" });
      await ready(stage);
      await stage.user.submit("story approve");
      await stage.friend.sees("Waiting for approval");
      let nextPress = performance.now();
      await stage.terminal.waitUntil("an effect of Enter", () => {
        if (/it is done/.test(stage.terminal.screen().join("\n"))) return true;
        if (performance.now() < nextPress) return false;
        // Older releases take an Enter as early as that for one by accident, and let it pass.
        nextPress = performance.now() + 1500;
        stage.terminal.press("enter");
        return false;
      });
      await stage.friend.sees(rest);
      await quit(stage);
    },
  },
  { name: "resume", run: (open) => again(open, "resume") },
  { name: "fork", run: (open) => again(open, "fork") },
  {
    name: "/new",
    async run(open) {
      await using stage = await open();
      await ready(stage);
      await turn(stage);
      await stage.user.submit("/new");
      let answered = false;
      await stage.terminal.waitUntil("another thread", () => {
        const screen = stage.terminal.screen().join("\n");
        // Newer releases ask where: in the folder that it is in.
        if (!answered && /Where should the new/.test(screen)) {
          answered = true;
          stage.terminal.press("enter");
        }
        // Inline the first conversation stays above, with its last words.
        if (/To continue this session/.test(screen)) return true;
        return !/short answer|Where should the new/.test(screen);
      });
      await turn(stage, "shell");
      await quit(stage);
    },
  },
  {
    name: "a rewind (Esc Esc Enter)",
    async run(open) {
      await using stage = await open();
      const { terminal } = stage;
      await ready(stage);
      await turn(stage);
      await turn(stage, "shell");
      terminal.press("escape");
      await Bun.sleep(300);
      terminal.press("escape");
      await Bun.sleep(700);
      terminal.press("enter");
      await terminal.waitForText(/› story shell/);
      await turn(stage, "search");
      await quit(stage);
    },
  },
  {
    name: "sub-agents",
    since: 160,
    async run(open) {
      await using stage = await open({ model: "gpt-6.1-sol", hold: ["spawn/0"] });
      await ready(stage);
      await stage.user.submit("story spawn");
      await stage.friend.sees("Thinking");
      await stage.friend.hasRoom();
      stage.model.release("spawn/0");
      await stage.friend.sees(rest);
      await quit(stage);
    },
  },
  {
    name: "-C",
    async run(open) {
      await using stage = await open({
        prepare: ({ home }) => void mkdirSync(join(home.project, "src/below"), { recursive: true }),
        args: [...daemonless, "-C", "src/below"],
      });
      await stage.terminal.waitForText(/^ *› |trust/m, 30_000);
      if (/trust/.test(stage.terminal.screen().join("\n"))) stage.terminal.press("enter");
      await ready(stage);
      await turn(stage);
      await quit(stage);
    },
  },
  {
    name: "--worktree",
    since: 169,
    async run(open) {
      await using stage = await open({
        prepare: ({ home }) => makeRepository(home.project),
        args: [...daemonless, "--worktree"],
      });
      await ready(stage);
      await turn(stage);
      await quit(stage);
    },
  },
  {
    name: "a picture in the sidebar",
    since: 171,
    async run(open) {
      await using stage = await open({
        prepare: ({ home }) =>
          writeFileSync(join(home.project, "picture.png"), Buffer.from(picture, "base64")),
        env: { TERM: "xterm-kitty", KITTY_WINDOW_ID: "1" },
      });
      const { terminal } = stage;
      await ready(stage);
      await turn(stage, "picture");
      await terminal.waitForText(/the picture/);
      const row = terminal.screen().findLastIndex((text) => text.includes("the picture")) + 1;
      const col = (terminal.screen()[row - 1] ?? "").indexOf("the picture") + 1;
      terminal.type(`\x1b[<0;${col};${row}M\x1b[<0;${col};${row}m`);
      await terminal.waitUntil("the picture", () => /\x1b_Ga=T,/.test(terminal.output()));
      await terminal.waitForText(/CODEX ∙/);
    },
  },
];

/** Eight by eight pixels of one colour. */
const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC";

/** Makes the project's folder a repository with one commit: a worktree is made of one. */
function makeRepository(folder: string): void {
  rmSync(join(folder, ".git"), { recursive: true });
  const identity = ["-c", "user.name=Demo", "-c", "user.email=demo@example.org"];
  for (const words of [
    ["init", "-q"],
    ["add", "-A"],
    [...identity, "commit", "-qm", "Begin"],
  ]) {
    const { exitCode, stderr } = Bun.spawnSync(["git", ...words], { cwd: folder });
    if (exitCode !== 0) throw new Error(`git ${words.at(-1)}: ${stderr.toString()}`);
  }
}

const wanted = process.argv.slice(2);
for (const version of ["pinned", ...olderReleases]) {
  let program = "";
  try {
    // oxlint-disable-next-line no-await-in-loop -- one release after the other
    program = version === "pinned" ? codexBinary() : await codexRelease(version);
  } catch (error) {
    skip(`Codex ${version}`, error instanceof Error ? error.message : String(error));
    continue;
  }
  const minor = version === "pinned" ? Infinity : Number(version.split(".")[1]);
  // The daemon came with 0.151 to 0.160, and the option with it.
  daemonless = minor < 160 ? [] : ["--no-daemon"];
  const open: Open = (options = {}) =>
    openStage({ args: daemonless, program: () => program, ...options });
  for (const story of stories) {
    if (wanted.length > 0 && !wanted.includes(story.name)) continue;
    const name = `Codex ${version}: ${story.name}`;
    if (minor < (story.since ?? 0)) skip(name, `came with 0.${story.since}`);
    // oxlint-disable-next-line no-await-in-loop -- one story after the other
    else await check(name, () => story.run(open), 2);
  }
}

finish();
