// Records what the real Codex writes to its terminal in some stories, for
// test/fixtures/recordings/<release>_<story>:
//   bun test/support/record-terminal.ts v171 chat resize …      without stories: all of them
// Each has the reads of its output with their moments, the resizes, and its rollouts. Paths and long
// texts (Codex's instructions) are replaced.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { codexBinary, type CodexHome, makeCodexHome } from "./codex-home.ts";
import { codexUser, type CodexUser } from "./codex-user.ts";
import { type ModelService, startModelService } from "./model-service.ts";
import { openVirtualTerminal, type VirtualTerminal } from "./virtual-terminal.ts";

interface Stage {
  readonly user: CodexUser;
  readonly terminal: VirtualTerminal;
  readonly model: ModelService;
  readonly home: CodexHome;
  readonly resize: (rows: number, cols: number) => Promise<void>;
}

interface Story {
  readonly args?: readonly string[];
  readonly model?: string;
  readonly sandbox?: "workspace-write";
  readonly kitty?: boolean;
  readonly act: (stage: Stage) => Promise<void>;
}

const plain = (story: string): Story => ({
  async act({ user }) {
    await user.submit(`story ${story}`);
    await user.sees("done");
  },
});

const answered = (key: "enter" | "escape", state: string): Story => ({
  sandbox: "workspace-write",
  async act({ user }) {
    await user.submit("story approve");
    await user.sees("blocked permission");
    await user.answers(key);
    await user.sees(state);
  },
});

const rows = 30;
const cols = 100;
/** Longer texts are instructions and the like, which are Codex's and tell nothing. */
const longest = 600;

const stories: Readonly<Record<string, Story>> = {
  chat: plain("chat"),
  long: plain("long"),
  shell: plain("shell"),
  read: plain("read"),
  patch: plain("patch"),
  approve_yes: answered("enter", "done"),
  approve_no: answered("escape", "idle"),
  e429usage: {
    async act({ user }) {
      await user.submit("story usage-limit");
      await user.sees("error");
    },
  },
  interrupt_stream: {
    async act({ user, terminal, model }) {
      model.hold("stream/0/middle");
      await user.submit("story stream");
      await terminal.waitForText(/First half/);
      terminal.press("escape");
      await user.sees("idle");
    },
  },
  compact: {
    async act({ user, terminal }) {
      await user.submit("story chat");
      await user.sees("done");
      await user.submit("/compact");
      await terminal.waitForText(/Context compacted/);
    },
  },
  resize: {
    async act({ user, resize }) {
      await user.submit("story read");
      await user.sees("done");
      await resize(40, 120);
      await resize(18, 60);
      await user.submit("story long");
      await user.sees("done");
      await resize(30, 100);
    },
  },
  noalt: {
    args: ["--no-alt-screen"],
    async act({ user, resize }) {
      await user.submit("story read");
      await user.sees("done");
      await user.submit("story long");
      await user.sees("done");
      await resize(24, 80);
    },
  },
  cm_shell: {
    model: "gpt-6.1-sol",
    async act({ user, home }) {
      await user.submit("story code-mode");
      await home.openGate();
      await user.sees("done");
    },
  },
  spawn_v2: { ...plain("spawn"), model: "gpt-6.1-sol" },
  ask_plan: {
    async act({ user }) {
      await user.plans();
      await user.submit("story question");
      await user.sees("blocked question");
      await user.answers("enter");
      await user.sees("done");
    },
  },
  new: {
    async act({ user, terminal }) {
      await user.submit("story chat");
      await user.sees("done");
      await user.submit("/new");
      await terminal.waitForText(/Where should the new conversation run/);
      terminal.press("enter");
      await terminal.waitUntil("another thread", () => !/short answer/.test(screen(terminal)));
      await Bun.sleep(1000); // A prompt that comes before the thread stays in the composer.
      await user.submit("story shell");
      await user.sees("done");
    },
  },
  sidebar: {
    kitty: true,
    async act({ user, terminal, resize }) {
      await user.submit("story picture");
      await user.sees("done");
      await terminal.waitForText(/the picture/);
      const row = terminal.screen().findLastIndex((text) => text.includes("the picture")) + 1;
      const col = (terminal.screen()[row - 1] ?? "").indexOf("the picture") + 1;
      terminal.type(`\x1b[<0;${col};${row}M\x1b[<0;${col};${row}m`);
      await terminal.waitForText(/png×/);
      await Bun.sleep(700); // It slides in.
      await resize(36, 120);
      terminal.press("escape");
      await Bun.sleep(500);
      // A click into the composer, which is to have the keys again.
      const composer = terminal.screen().findLastIndex((text) => text.startsWith("›")) + 1;
      terminal.type(`\x1b[<0;3;${composer}M\x1b[<0;3;${composer}m`);
    },
  },
};

const screen = (terminal: VirtualTerminal): string => terminal.screen().join("\n");
const folder = resolve(import.meta.dir, "../fixtures/recordings");
/** Eight by eight pixels of one colour. */
const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC";

async function record(release: string, name: string, story: Story): Promise<void> {
  await using model = startModelService();
  using home = makeCodexHome({ modelUrl: model.url, ...story });
  writeFileSync(join(home.project, "picture.png"), Buffer.from(picture, "base64"));
  const kitty = story.kitty === true ? { TERM: "xterm-kitty", KITTY_WINDOW_ID: "1" } : {};
  const args = ["--no-daemon", ...(story.args ?? [])];
  const started = performance.now();
  await using terminal = openVirtualTerminal({
    command: [codexBinary(), ...args],
    env: { ...home.env, ...kitty },
    cwd: home.project,
    rows,
    cols,
  });
  const user = codexUser(terminal, home.path);
  const resizes: object[] = [];
  const resize = async (r: number, c: number): Promise<void> => {
    await Bun.sleep(150); // What Codex was writing is written for the old size.
    terminal.resize(r, c);
    resizes.push({ t: performance.now() - started, type: "resize", r, c });
    await Bun.sleep(600);
  };
  await user.ready();
  await story.act({ user, terminal, model, home, resize });
  await user.quit();
  const into = join(folder, `${release}_${name}`);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const root = dirname(home.path);
  // Of the same length, since Codex has measured it, and cut it where a column ended.
  const elsewhere = `/home/user/${"x".repeat(Math.max(1, root.length - 11))}`;
  const keep = (file: string, bytes: Uint8Array<ArrayBuffer>): void =>
    writeFileSync(join(into, `${file}.gz`), Bun.gzipSync(bytes, { level: 9 }));
  const keepLines = (file: string, lines: readonly object[]): void =>
    keep(file, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  const reads: number[][] = [];
  let raw = "";
  for (const { at, bytes } of terminal.chunks) {
    reads.push([at - started, raw.length, bytes.length]);
    raw += Buffer.from(bytes).toString("latin1");
  }
  // Also where the screen's edge or an ellipsis cut it.
  for (let length = root.length; length > 4; length--) {
    raw = raw.replaceAll(root.slice(0, length), elsewhere.slice(0, length));
  }
  keep("raw.bin", Buffer.from(raw, "latin1"));
  keepLines("timing.jsonl", reads);
  keepLines("events.jsonl", [{ t: 0, type: "start" }, ...resizes]);
  keepLines("meta.json", [{ name, args, rows, cols, release }]);
  for (const path of home.rollouts()) {
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    keepLines(
      basename(path),
      lines.map((line) => cleaned(line, root)),
    );
  }
  process.stdout.write(`${release}_${name}: ${raw.length} bytes, ${reads.length} reads\n`);
}

function cleaned(line: string, root: string): object {
  const repository = resolve(import.meta.dir, "../..");
  const elsewhere = line.replaceAll(root, "/home/user").replaceAll(repository, "/home/user");
  return JSON.parse(elsewhere, (_, value: unknown) =>
    typeof value === "string" && value.length > longest ? "(omitted)" : value,
  );
}

const [release = "", ...wanted] = process.argv.slice(2);
for (const [name, story] of Object.entries(stories)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  // oxlint-disable-next-line no-await-in-loop -- one Codex at a time
  await record(release, name, story);
}
