/**
 * Locks as the earlier Rust tool does, sharing nothing with our own lock: opens the file, flock
 * without waiting, truncates, writes its pid; metadata without an identity. Prints `held` or `taken`;
 * the end of stdin ends it.
 */
import { dlopen } from "bun:ffi";
import { ftruncateSync, openSync, writeFileSync, writeSync } from "node:fs";

const [home = "", withMetadata = "yes"] = process.argv.slice(2);
const library = process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6";
const { flock } = dlopen(library, { flock: { args: ["i32", "i32"], returns: "i32" } }).symbols;
const fd = openSync(`${home}/codex-discord-presence.lock`, "a+");
if (flock(fd, 2 | 4) === 0) {
  ftruncateSync(fd);
  writeSync(fd, String(process.pid));
  const metadata = JSON.stringify({ pid: process.pid, exe_path: process.execPath });
  const path = `${home}/codex-discord-presence.instance.json`;
  if (withMetadata === "yes") writeFileSync(path, metadata);
  process.stdout.write("held\n");
  for await (const _ of process.stdin);
} else {
  process.stdout.write("taken\n");
}
