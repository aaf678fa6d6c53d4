import { closeSync, readFileSync, readlinkSync } from "node:fs";
import { peerDescriptor, type Peer } from "../lib/peer.ts";

/**
 * What keeps a Linux process from doing what its user may do, as far as it cannot be taken off
 * again and everybody may see it: by prctl(2), seccomp(2) and namespaces(7). A field that this
 * kernel does not have is `undefined`.
 */
export interface Confinement {
  readonly noNewPrivs: boolean | undefined;
  /** 0 none, 1 strict, 2 by filters. */
  readonly seccomp: number | undefined;
  /** Number of its seccomp filters; since Linux 5.9. */
  readonly filters: number | undefined;
  /** Its namespaces, by their links in /proc. */
  readonly user: string | undefined;
  readonly pid: string | undefined;
}

/** Reads of `/proc`. Both throw where there is nothing, or nothing that we may see. */
export interface Proc {
  readonly text: (path: string) => string;
  readonly link: (path: string) => string;
}

type NamespaceKind = "user" | "pid";
const kinds: readonly NamespaceKind[] = ["user", "pid"];

const systemProc: Proc = {
  text: (path) => readFileSync(path, "latin1"),
  link: (path) => readlinkSync(path),
};

/**
 * Why a peer of the control socket is refused on Linux: it is more confined than this process, as
 * a command in Codex's sandbox is, or cannot be proved not to be. `undefined`: it is welcome. To be
 * asked right after the connection was accepted.
 */
export function whyConfined(
  socket: object,
  peer: Extract<Peer, { kind: "known" }>,
): string | undefined {
  if (process.platform !== "linux") return undefined;
  if (peer.pid === undefined) return "it is in another pid namespace";
  const descriptor = peerDescriptor(socket);
  try {
    return whyRefused(peer.pid, descriptor, systemProc);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * As `whyConfined`, for this pid.
 *
 * @param descriptor of the process that connected (pidfd_open(2)); without one, that the pid is
 *   still the same process's is seen by its start alone
 */
export function whyRefused(
  pid: number,
  descriptor: number | undefined,
  proc: Proc,
): string | undefined {
  try {
    const own = confinementOf("self", proc, kinds);
    const before = startOf(pid, proc);
    const known = kinds.filter((kind) => own[kind] !== undefined);
    const theirs = confinementOf(pid, proc, known);
    // @guard confined-pid-reused
    if (startOf(pid, proc) !== before) return "its pid is another process's by now";
    // @guard confined-ended
    if (descriptor !== undefined && pidOf(descriptor, proc) !== pid) return "it has ended";
    return moreConfined(theirs, own);
  } catch {
    // @guard confined-unreadable
    return "its confinement cannot be read";
  }
}

/** In which way `theirs` is confined and `own` is not; `undefined`: in none. */
export function moreConfined(theirs: Confinement, own: Confinement): string | undefined {
  // @guard confined-user-namespace
  if (theirs.user !== own.user) return "it is in another user namespace";
  // @guard confined-pid-namespace
  if (theirs.pid !== own.pid) return "it is in another pid namespace";
  // @guard confined-no-new-privs-set
  // @guard confined-no-new-privs
  if (theirs.noNewPrivs !== own.noNewPrivs && theirs.noNewPrivs !== false) {
    return "it has NoNewPrivs set";
  }
  // @guard confined-seccomp
  if (theirs.seccomp !== own.seccomp && theirs.seccomp !== 0) return "it has Seccomp set";
  // Filters cannot be compared, but others than ours are seldom as many.
  // @guard confined-filters
  if (theirs.seccomp !== 0 && theirs.filters !== own.filters) return "it has other Seccomp filters";
  return undefined;
}

/** Of the main thread, whatever further threads have done to themselves. */
function confinementOf(
  pid: number | "self",
  proc: Proc,
  namespaces: readonly NamespaceKind[],
): Confinement {
  const namespace = (kind: NamespaceKind): string | undefined =>
    namespaces.includes(kind) ? namespaceOf(pid, kind, proc) : undefined;
  const status = proc.text(`/proc/${pid}/status`);
  const noNewPrivs = fieldOf(status, "NoNewPrivs");
  return {
    noNewPrivs: noNewPrivs === undefined ? undefined : noNewPrivs !== 0,
    seccomp: fieldOf(status, "Seccomp"),
    filters: fieldOf(status, "Seccomp_filters"),
    user: namespace("user"),
    pid: namespace("pid"),
  };
}

function fieldOf(status: string, name: string): number | undefined {
  const value = new RegExp(`^${name}:\\s*(\\d+)$`, "m").exec(status)?.[1];
  return value === undefined ? undefined : Number(value);
}

function namespaceOf(pid: number | "self", kind: NamespaceKind, proc: Proc): string | undefined {
  try {
    return proc.link(`/proc/${pid}/ns/${kind}`);
  } catch (error) {
    // A kernel without this kind of namespace has this link for no process.
    // @guard confined-namespace-unreadable
    if (pid === "self") return undefined;
    throw error;
  }
}

/** In clock ticks since the boot: field 22 of `/proc/PID/stat`, see proc(5). */
function startOf(pid: number, proc: Proc): string {
  const stat = proc.text(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything, further parentheses included.
  // @guard confined-name-parenthesis
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  if (start === undefined) throw new Error(`/proc/${pid}/stat is not understood`);
  return start;
}

/** -1 when the process has ended and was waited for. */
function pidOf(descriptor: number, proc: Proc): number | undefined {
  const info = proc.text(`/proc/self/fdinfo/${descriptor}`);
  const pid = /^Pid:\s*(-?\d+)$/m.exec(info)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
