import type { CodexHome } from "../codex/home.ts";
import type { Met } from "../codex/met.ts";
import { type Check, counted, fail, ok, warn } from "./check.ts";

export interface HomeFacts {
  readonly home: CodexHome;
  /** The error's code when nothing can be created in it (`EROFS`, `EACCES`). */
  readonly unwritable: string | undefined;
  /** Whether the system tells of changes in it. */
  readonly watch: "watching" | "polling";
  /** Kind of a network file system; the system tells of this machine's changes alone. */
  readonly remote: string | undefined;
  /** A folder in it, by its path from there, whose names cannot be read. */
  readonly closed?: string;
  /** What was met in its rollouts; `undefined`: looking took too long. */
  readonly met: Met | undefined;
}

const name = "codex home";

/** Codex's home: there, ours, writable; told of changes; its files readable. */
export function checkHome(facts: HomeFacts): readonly Check[] {
  const { home } = facts;
  if (!home.ok) return [unusable(home)];
  return [access(home.path, facts.unwritable), watches(facts), files(facts)];
}

function unusable(home: CodexHome & { readonly ok: false }): Check {
  if (home.reason === "open") {
    return fail(name, `${home.why}, so no cdp publishes for ${home.path}`, home.fix);
  }
  const { path, reason } = home;
  const at = path ?? "";
  const problems: Readonly<Record<typeof reason, readonly [line: string, fix: string]>> = {
    unset: ["nobody knows where: neither CODEX_HOME nor HOME is set", "Set HOME."],
    missing: [
      `${at} is not there: Codex has not been used yet`,
      "Run `codex` once, or set CODEX_HOME to where it keeps its files.",
    ],
    notAFolder: [`${at} is no folder`, "Set CODEX_HOME to Codex's folder."],
    notOurs: [`${at} is somebody else's`, "Run cdp as its owner, without sudo."],
    unreadable: [`${at} cannot be read`, `Give yourself access: \`chmod u+rwx ${at}\`.`],
  };
  return fail(name, ...problems[reason]);
}

function access(path: string, unwritable: string | undefined): Check {
  return unwritable === undefined ? ok(name, path) : cannotWrite(path, unwritable);
}

/** Nothing can be written into the home at `path`: why, by a system error's code, and the fix. */
export function cannotWrite(path: string, code: string): Check {
  const effect = "so no cdp can begin to publish";
  const its = "the lock that keeps publishers apart is a file in it";
  switch (code) {
    case "ENOSPC":
      return fail(name, `the disk of ${path} is full, ${effect}`, "Make room on it.");
    case "EROFS":
      return fail(
        name,
        `${path} is on a read-only disk, ${effect}`,
        `Mount it writable, or set CODEX_HOME to a folder elsewhere: ${its}.`,
      );
    default: {
      const line = `${path} cannot be written (${code}), ${effect}`;
      return fail(name, line, `Make it writable (\`chmod u+rwx ${path}\`): ${its}.`);
    }
  }
}

function watches({ watch, remote }: HomeFacts): Check {
  if (watch === "polling") {
    const fix =
      "Raise the system's limits: `sudo sysctl fs.inotify.max_user_instances=512 " +
      "fs.inotify.max_user_watches=524288` (Linux).";
    return warn("watches", "the system tells of no more changes: files are looked at instead", fix);
  }
  if (remote !== undefined) {
    const line = `on a network disk (${remote}): what another machine writes is seen late`;
    return warn("watches", line, "Nothing to do while Codex runs on this machine.");
  }
  return ok("watches", "the system tells of changes");
}

function files({ met, closed }: HomeFacts): Check {
  if (closed !== undefined) {
    const fix = `Give yourself access: \`chmod u+rx ${closed}\` in Codex's home.`;
    return warn("rollouts", `${closed} cannot be read, so threads in it are not seen`, fix);
  }
  if (met === undefined) {
    const fix = "A slow disk, or very many files: archive what is old (`codex archive`).";
    return warn("rollouts", "looking at Codex's files took more than a second", fix);
  }
  const problems = [
    [met.refused, "unreadable file"],
    [met.broken, "broken line"],
    [met.long, "overlong line"],
  ] as const;
  const some = problems.filter(([n]) => n > 0).map(([n, noun]) => counted(n, noun));
  const unknown = met.unknown === 0 ? "" : `, ${met.unknown} of them of types unknown here`;
  const seen = `${counted(met.files, "open thread")}, ${counted(met.lines, "line")}${unknown}`;
  if (some.length === 0) return ok("rollouts", met.files === 0 ? "no open thread" : seen);
  const fix =
    met.refused > 0
      ? "Give yourself access to the files under sessions/."
      : "Nothing to do: such lines are passed over; a full disk or a crash may have cut them.";
  return warn("rollouts", `${seen}; passed over: ${some.join(", ")}`, fix);
}
