import { dlopen, ptr } from "bun:ffi";

/** The process at the other end of a socket, by the kernel's word. */
export interface Peer {
  readonly uid: number;
  readonly pid: number | undefined;
}

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;

/**
 * Who is at the other end of this unix socket (of `node:net`): `SO_PEERCRED` on Linux,
 * `getpeereid` on macOS. `undefined` where that cannot be told: then the private folder and, on
 * Windows, the token are what keeps others out.
 */
export function peerOf(socket: object, platform: NodeJS.Platform): Peer | undefined {
  const fd = descriptorOf(socket);
  if (fd === undefined) return undefined;
  try {
    if (platform === "linux") return linuxPeer(fd);
    return platform === "darwin" ? darwinPeer(fd) : undefined;
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
  if (result !== 0 || pid === undefined || uid === undefined) return undefined;
  // 0: a process of another pid namespace.
  return { uid: uid >>> 0, pid: pid > 0 ? pid : undefined };
}

function darwinPeer(fd: number): Peer | undefined {
  const [uid, gid] = [new Uint32Array(1), new Uint32Array(1)];
  if (darwin().getpeereid(fd, ptr(uid), ptr(gid)) !== 0) return undefined;
  return { uid: uid[0] ?? -1, pid: undefined };
}

function openLinux() {
  return dlopen("libc.so.6", {
    getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  }).symbols;
}

function openDarwin() {
  return dlopen("libSystem.B.dylib", {
    getpeereid: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  }).symbols;
}

let loadedLinux: ReturnType<typeof openLinux> | undefined;
let loadedDarwin: ReturnType<typeof openDarwin> | undefined;
const linux = () => (loadedLinux ??= openLinux());
const darwin = () => (loadedDarwin ??= openDarwin());
