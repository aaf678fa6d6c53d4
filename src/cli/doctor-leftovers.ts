import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { InstanceFacts } from "../doctor/instance.ts";
import { runtimeFolder } from "../instance/control.ts";
import { seeProcess } from "../instance/identity.ts";
import type { RunningState } from "../instance/inspect.ts";
import { readMetadata } from "../instance/metadata.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What lies in a home and is nobody's any more. Never throws, deletes nothing. */
export function instanceLeftovers(
  home: string,
  env: Env,
  state: RunningState,
): Pick<InstanceFacts, "metadata" | "metadataLives" | "leftovers"> {
  const metadata = readMetadata(home);
  const pid = metadata.kind === "found" ? metadata.metadata.pid : undefined;
  const half = join(home, "codex-discord-presence.instance.json.new");
  const running = state.kind === "running" ? state.control?.path : undefined;
  return {
    metadata,
    metadataLives: pid !== undefined && seeProcess(pid) !== undefined,
    leftovers: [
      // While a publisher runs it may be just writing it.
      ...(state.kind === "notRunning" && existsSync(half) ? [half] : []),
      ...controlSockets(home, env).filter((path) => path !== running && !isOwned(path)),
      ...sessionLogs(home, env),
    ],
  };
}

/** Where publishers of this home listen (instance/control.ts): `control-<pid>` in two folders. */
function controlSockets(home: string, env: Env): readonly string[] {
  const runtime = env["XDG_RUNTIME_DIR"];
  const folders = [
    join(home, "cdp-control"),
    ...(runtime?.startsWith("/") === true ? [runtimeFolder(runtime, home)] : []),
  ];
  return folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith("control-"))
      .map((name) => join(folder, name)),
  );
}

/** Logs of Codex that no wrapper took off the disk (codex/session-log-file.ts); they hold prompts. */
function sessionLogs(home: string, env: Env): readonly string[] {
  const parents = [env["XDG_RUNTIME_DIR"], home].filter((parent) => parent !== undefined);
  return parents
    .flatMap((parent) => namesIn(parent).map((name) => join(parent, name)))
    .filter((folder) => /\/cdp-\w{6}$/.test(folder))
    .filter((folder) => ageOf(folder) > logMs)
    .map((folder) => join(folder, "session.jsonl"))
    .filter((path) => existsSync(path));
}

/** By then its Codex has opened it, and its wrapper has taken its name away. */
const logMs = 600_000;

function ageOf(folder: string): number {
  try {
    return Date.now() - lstatSync(folder).mtimeMs;
  } catch {
    return 0; // Gone meanwhile.
  }
}

function isOwned(path: string): boolean {
  return seeProcess(Number(/control-(\d+)$/.exec(path)?.[1])) !== undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // There is no such folder: nothing was left.
  }
}
