import { closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { waitFor } from "./wait-for.ts";

const repository = resolve(import.meta.dir, "../..");

export interface CodexHomeOptions {
  /** Base URL of the model service. */
  readonly modelUrl: string;
  readonly model?: string;
  /** Default `danger-full-access`: bubblewrap needs rights that a container may not have. */
  readonly sandbox?: "danger-full-access" | "workspace-write" | "read-only";
  /** Lines put before the tables of `config.toml`. */
  readonly config?: readonly string[];
  /** Tables put after ours. */
  readonly tables?: readonly string[];
}

/** A Codex home of its own, with a project beside it, ready to start without a question. */
export interface CodexHome extends Disposable {
  /** `CODEX_HOME`. */
  readonly path: string;
  /** A small project with a git folder; its `build.sh`, or who reads `build.gate`, runs until `openGate`. */
  readonly project: string;
  /** A complete environment for Codex or `cdp`; nothing of the developer's own is in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Paths of the rollouts written so far, oldest first. */
  rollouts(): readonly string[];
  /** Lets a `build.sh` that is running (or about to) come to its end. */
  openGate(): Promise<void>;
  /** What somebody writes to the gate, who goes on by that. */
  readGate(): Promise<string>;
  /** Makes the gate where no `build.sh` does. */
  makeGate(): void;
}

/** The pinned real Codex, without the node script that npm puts before it. */
export function codexBinary(): string {
  const folder = join(repository, "node_modules/@openai");
  const native = [
    ...new Bun.Glob("codex-*/vendor/*/bin/codex").scanSync({ cwd: folder, followSymlinks: true }),
  ];
  if (native[0] === undefined) throw new Error(`no Codex binary below ${folder}`);
  return join(folder, native[0]);
}

/** Tables of `config.toml` for the stand-in MCP server. */
export const standInMcp: readonly string[] = [
  `[mcp_servers.standin]`,
  `command = "${process.execPath}"`,
  `args = ["${join(import.meta.dir, "stand-in-mcp.ts")}"]`,
];

/** Makes the home below `.scratch/`: Codex refuses one in the temp folder. */
export function makeCodexHome(options: CodexHomeOptions): CodexHome {
  const scratch = join(repository, ".scratch");
  mkdirSync(scratch, { recursive: true });
  const root = mkdtempSync(join(scratch, "codex-"));
  const at = (name: string): string => join(root, name);
  for (const name of ["home", "tmp", "run", ".codex"]) mkdirSync(at(name), { mode: 0o700 });
  makeProject(at("demo"));
  writeFileSync(at(".codex/config.toml"), configToml(options, at("demo")));
  return {
    path: at(".codex"),
    project: at("demo"),
    env: {
      CODEX_HOME: at(".codex"),
      HOME: at("home"),
      TMPDIR: at("tmp"),
      XDG_RUNTIME_DIR: at("run"),
      PATH: process.env["PATH"] ?? "/usr/bin:/bin",
      LANG: "C.UTF-8",
      TERM: "xterm-256color",
      STAND_IN_KEY: "none",
    },
    rollouts: () => rolloutsBelow(at(".codex/sessions")),
    readGate: () => new Response(Bun.spawn(["cat", at("demo/build.gate")]).stdout).text(),
    makeGate: () => makeFifo(at("demo/build.gate")),
    openGate: () => openFifo(at("demo/build.gate")),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function configToml(options: CodexHomeOptions, project: string): string {
  return [
    `model = "${options.model ?? "gpt-5.5"}"`,
    `model_provider = "stand-in"`,
    `approval_policy = "on-request"`,
    `sandbox_mode = "${options.sandbox ?? "danger-full-access"}"`,
    `check_for_update_on_startup = false`,
    ...(options.config ?? []),
    `[model_providers.stand-in]`,
    `name = "Stand-in"`,
    `base_url = "${options.modelUrl}"`,
    `wire_api = "responses"`,
    `env_key = "STAND_IN_KEY"`,
    `request_max_retries = 1`,
    `stream_max_retries = 1`,
    `[analytics]`,
    `enabled = false`,
    `[feedback]`,
    `enabled = false`,
    `[otel]`,
    `exporter = "none"`,
    `[projects."${project}"]`,
    `trust_level = "trusted"`,
    ...seenDialogs,
    ...(options.tables ?? []),
    "",
  ].join("\n");
}

/** What Codex itself writes once its first-run dialogs and hints have been seen. */
const seenDialogs = [
  `[tui]`,
  `screen_reader_detection_done = true`,
  `[tui.model_availability_nux]`,
  `"gpt-6.1-sol" = 4`,
  `[notice.model_migrations]`,
  `"gpt-5.5" = "gpt-6-sol"`,
];

function makeProject(path: string): void {
  for (const folder of [".git/objects", ".git/refs/heads", "src"]) {
    mkdirSync(join(path, folder), { recursive: true });
  }
  const files = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n\tbare = false\n",
    "README.md": "# Demo\n\nA project that greets.\n",
    "src/greet.ts": "export const greet = (name: string) => `Hello, ${name}`;\n",
    "build.sh": "rm -f build.gate\nmkfifo build.gate\nread -r word < build.gate\necho built\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

function rolloutsBelow(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names
      .filter((name) => name.endsWith(".jsonl"))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return []; // Codex makes the folder at its first message.
  }
}

/** Writes a line into a named pipe as soon as somebody reads from it. */
function makeFifo(path: string): void {
  const { exitCode, stderr } = Bun.spawnSync(["mkfifo", path]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

async function openFifo(path: string): Promise<void> {
  await waitFor(`a reader of ${path}`, () => {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(fd, "go\n");
      closeSync(fd);
      return true;
    } catch {
      return false; // Not there yet, or nobody reads yet (ENXIO).
    }
  });
}
