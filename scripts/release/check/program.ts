import type { Target } from "../targets.ts";

/** The system and processor that a program's first bytes are for; `undefined` for anything else. */
export function systemOf(bytes: Uint8Array): Pick<Target, "os" | "arch" | "libc"> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0x7f454c46) {
    const arch = archOf(view.getUint16(18, true), { x64: 62, arm64: 183 });
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
    const libc = head.includes("/ld-musl-") ? "musl" : "glibc";
    return arch === undefined ? undefined : { os: "linux", arch, libc };
  }
  if (view.getUint32(0, true) === 0xfeedfacf) {
    const arch = archOf(view.getUint32(4, true), { x64: 0x01000007, arm64: 0x0100000c });
    return arch === undefined ? undefined : { os: "darwin", arch, libc: undefined };
  }
  if (view.getUint16(0) === 0x4d5a) {
    const machine = view.getUint16(view.getUint32(60, true) + 4, true);
    const arch = archOf(machine, { x64: 0x8664, arm64: 0xaa64 });
    return arch === undefined ? undefined : { os: "windows", arch, libc: undefined };
  }
  return undefined;
}

function archOf(machine: number, known: Readonly<Record<Target["arch"], number>>) {
  return (["x64", "arm64"] as const).find((arch) => known[arch] === machine);
}
