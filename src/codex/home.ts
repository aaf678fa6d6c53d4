import type { Refusal } from "../lib/trusted-path.ts";

/** Codex's home folder, or why there is none to read or write. */
export type CodexHome =
  | { readonly ok: true; readonly path: string }
  | {
      readonly ok: false;
      readonly path: string | undefined;
      readonly reason: "unset" | "missing" | "notAFolder" | "notOurs" | "unreadable";
    }
  | OpenHome;

/** Other users can change what is in the home: then every file in it may be theirs. */
export interface OpenHome {
  readonly ok: false;
  readonly path: string;
  readonly reason: "open";
  /** One line: which folder or link on the way is theirs or can be written by them. */
  readonly why: string;
  /** What to do, a sentence. */
  readonly fix: string;
}

/** What the file system says of a path: its owner and whether it is a folder, or an error's code. */
export type FolderState =
  | {
      readonly uid: number;
      readonly isFolder: boolean;
      /** Why other users could change what is in it (lib/private-file.ts). */
      readonly risk?: Refusal | undefined;
    }
  | { readonly error: string };

/**
 * Where Codex keeps its files: `CODEX_HOME`, else `.codex` in the person's home. It must exist and
 * belong to the user: under `sudo` it is another user's, and a file written there would be root's.
 * No other user may be able to put files there. Nothing is ever created.
 *
 * @param env `CODEX_HOME`, `HOME`
 * @param uid ours; `undefined` where users have no numbers (Windows)
 * @param look what is at a path, links followed; must not throw
 * @param cwd what a relative `CODEX_HOME` is relative to
 */
export function findCodexHome(
  env: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
  look: (path: string) => FolderState,
  cwd: string,
): CodexHome {
  const path = homePath(env, cwd);
  if (path === undefined) return { ok: false, path, reason: "unset" };
  const state = look(path);
  if ("error" in state) {
    const missing = state.error === "ENOENT" || state.error === "ENOTDIR";
    return { ok: false, path, reason: missing ? "missing" : "unreadable" };
  }
  if (!state.isFolder) return { ok: false, path, reason: "notAFolder" };
  if (uid !== undefined && state.uid !== uid) return { ok: false, path, reason: "notOurs" };
  if (state.risk !== undefined) return openHome(path, state.risk);
  return { ok: true, path };
}

function openHome(path: string, { why, folder, risk }: Refusal): OpenHome {
  const fix =
    folder === undefined || risk === "foreign"
      ? "Run cdp as that user, without sudo, or set CODEX_HOME to a folder below your own home."
      : `Take the right to write from others: \`chmod go-w ${folder}\`.`;
  return { ok: false, path, reason: "open", why, fix };
}

function homePath(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string | undefined {
  const named = env["CODEX_HOME"];
  if (named !== undefined && named !== "") {
    return isAbsolute(named) ? named : `${cwd}/${named}`;
  }
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home === undefined || home === "" ? undefined : `${home}/.codex`;
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}
