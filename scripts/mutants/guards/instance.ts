import type { Guard } from "../guard.ts";

const lockMoved = "test/instance/lock-moved.test.ts";
const lock = "test/instance/lock.test.ts";
const lockPlace = "test/instance/lock-place.test.ts";
const identity = "test/instance/identity.test.ts";
const inspect = "test/instance/inspect.test.ts";
const metadata = "test/instance/metadata.test.ts";
const metadataPlace = "test/instance/metadata-place.test.ts";
const roleDisk = "test/instance/role-disk.test.ts";

/** One publisher: its lock, what it writes of itself, and which process is signalled. */
export const instanceGuards: readonly Guard[] = [
  {
    id: "lock-moved",
    from: " && system.isAt(handle, path)",
    to: "",
    tests: [lockMoved, lock],
  },
  {
    id: "lock-there",
    from: "return system.isAt(handle, path);",
    to: "return true;",
    tests: [lockMoved, lock],
  },
  {
    id: "lock-same-file",
    from: "ours.ino === there?.ino",
    to: "true",
    tests: [lockMoved, lock],
  },
  {
    id: "lock-private",
    from: "openPrivate(path, access)",
    to: 'process.getBuiltinModule("node:fs").openSync(path, access, 0o600)',
    tests: [lockPlace],
  },
  {
    id: "lock-readers",
    from: "(fstatSync(handle).mode & 0o077) !== 0",
    to: "false",
    tests: [lockPlace, lock],
  },
  {
    id: "lock-exclusive",
    from: "exclusive ? LOCK_EX : LOCK_SH",
    to: "LOCK_SH",
    tests: [lock],
  },
  {
    id: "lock-listed-file",
    from: "inode !== String(ino)",
    to: "false",
    tests: [lock],
  },
  {
    id: "signal-identity",
    from: "seeProcess(pid)?.identity !== identity",
    to: "false",
    tests: [identity],
  },
  {
    id: "signal-self",
    from: "pid === process.pid || ",
    to: "",
    tests: [identity],
  },
  {
    id: "identity-boot",
    from: "${boot}:",
    to: "",
    tests: [identity],
  },
  {
    id: "identity-zombie",
    from: '"ZXx".includes(state)',
    to: "false",
    tests: [identity],
  },
  {
    id: "identity-name-parenthesis",
    from: 'stat.lastIndexOf(")")',
    to: 'stat.indexOf(")")',
    tests: [identity],
  },
  {
    id: "identity-ended",
    from: "!ok || new DataView(status.buffer).getUint32(0, true) !== STILL_ACTIVE",
    to: "!ok",
    tests: [identity],
  },
  {
    id: "instance-holder",
    from: "holder !== pid",
    to: "false",
    tests: [inspect],
  },
  {
    id: "instance-gone",
    from: "seen === undefined",
    to: "false as boolean",
    tests: [inspect],
  },
  {
    id: "instance-identity",
    from: "identity !== undefined && identity !== seen.identity",
    to: "false",
    tests: [inspect],
  },
  {
    id: "metadata-private",
    from: "openPrivate(join(home, name), constants.O_RDONLY, user)",
    to: 'process.getBuiltinModule("node:fs").openSync(join(home, name), constants.O_NONBLOCK)',
    tests: [metadata, metadataPlace],
  },
  {
    id: "metadata-pid",
    from: " || !Number.isSafeInteger(pid) || pid <= 0",
    to: "",
    tests: [metadata, metadataPlace],
  },
  {
    id: "metadata-text-length",
    from: " && value.length <= 4096",
    to: "",
    tests: [metadata, metadataPlace],
  },
  {
    id: "metadata-bounded",
    from: "new Uint8Array(maxBytes)",
    to: "new Uint8Array(64 * maxBytes)",
    tests: [metadata, metadataPlace],
  },
  {
    id: "metadata-own-removed",
    from: " && this.#isDescribed()",
    to: "",
    tests: [roleDisk],
  },
];
