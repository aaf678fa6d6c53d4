import { dlopen, ptr } from "bun:ffi";

/**
 * The process at the other end of a unix socket, by the kernel's word. `unknown`: this system can
 * tell, but did not. `unsupported`: it has no such call.
 */
export type Peer =
  | {
      readonly kind: "known";
      /** Effective user id when it connected or began to listen. */
      readonly uid: number;
      /** `undefined` where the process is in no pid namespace that we can see, and on macOS. */
      readonly pid: number | undefined;
    }
  | { readonly kind: "unknown" }
  | { readonly kind: "unsupported" };

export type WhoIs = (socket: object) => Peer;

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** Since Linux 6.5. */
const SO_PEERPIDFD = 77;

/** Who is at the other end of this socket of `node:net`: `SO_PEERCRED` on Linux, `getpeereid` on macOS. */
export const peerOf: WhoIs = (socket) => peerAt(descriptorOf(socket), process.platform);

/** As `peerOf`, by descriptor; `undefined`: the socket has none. */
export function peerAt(fd: number | undefined, platform: string): Peer {
  if (platform !== "linux" && platform !== "darwin") return { kind: "unsupported" };
  try {
    const peer =
      fd === undefined ? undefined : platform === "linux" ? linuxPeer(fd) : darwinPeer(fd);
    // @guard peer-unknown
    return peer ?? { kind: "unknown" };
  } catch {
    return { kind: "unknown" }; // No such function in this C library.
  }
}

/**
 * A descriptor of the very process at the other end (Linux from 6.5 on), which no later process of
 * the same pid can be taken for. To be closed by the caller.
 */
export function peerDescriptor(socket: object): number | undefined {
  const fd = descriptorOf(socket);
  if (fd === undefined || process.platform !== "linux") return undefined;
  const [found, length] = [new Int32Array(1), new Int32Array([4])];
  try {
    const result = linux().getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, ptr(found), ptr(length));
    return result === 0 ? found[0] : undefined;
  } catch {
    return undefined; // No such function in this C library.
  }
}

/** Bun has the descriptor in the socket's handle, as Node does. */
function descriptorOf(socket: object): number | undefined {
  const handle: unknown = "_handle" in socket ? socket._handle : undefined;
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  return typeof handle.fd === "number" && handle.fd >= 0 ? handle.fd : undefined;
}

function linuxPeer(fd: number): Peer | undefined {
  const credentials = new Int32Array(3); // struct ucred: pid, uid, gid
  const length = new Int32Array([credentials.byteLength]);
  const result = linux().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ptr(credentials), ptr(length));
  const [pid, uid] = credentials;
  // @guard peer-no-answer
  if (result !== 0 || pid === undefined || uid === undefined) return undefined;
  // 0: a process of another pid namespace.
  return { kind: "known", uid: uid >>> 0, pid: pid > 0 ? pid : undefined };
}

function darwinPeer(fd: number): Peer | undefined {
  const [uids, gids] = [new Uint32Array(1), new Uint32Array(1)];
  const result = darwin().getpeereid(fd, ptr(uids), ptr(gids));
  const [uid] = uids;
  return result !== 0 || uid === undefined ? undefined : { kind: "known", uid, pid: undefined };
}

function openLinux(library = "libc.so.6") {
  return dlopen(library, {
    getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  }).symbols;
}

/** The C library of Alpine has another name. */
function openAnyLinux() {
  try {
    return openLinux();
  } catch {
    return openLinux(`libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`);
  }
}

function openDarwin() {
  return dlopen("libSystem.B.dylib", {
    getpeereid: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  }).symbols;
}

let loadedLinux: ReturnType<typeof openLinux> | undefined;
let loadedDarwin: ReturnType<typeof openDarwin> | undefined;
const linux = () => (loadedLinux ??= openAnyLinux());
const darwin = () => (loadedDarwin ??= openDarwin());
