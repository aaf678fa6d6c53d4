#!/usr/bin/env node
// Starts the program of this system, which npm installed as an optional dependency, in its own
// place: arguments, descriptors 0 to 2, signals and exit status are the program's.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const PACKAGE = "codex-discord-presence";
/** e_machine of ELF, cputype of Mach-O and Machine of PE, as Node names processors. */
const MACHINES = {
  linux: { x64: 62, arm64: 183 },
  darwin: { x64: 0x01000007, arm64: 0x0100000c },
  win32: { x64: 0x8664, arm64: 0xaa64 },
};

/** The first bytes of a file. */
function head(file, length) {
  const fd = fs.openSync(file, "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, 0));
  } finally {
    fs.closeSync(fd);
  }
}

/** The loader that a 64-bit little-endian ELF file names; "" where it names none. */
function loaderOf(bytes) {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return "";
  const start = Number(bytes.readBigUInt64LE(32));
  const count = bytes.readUInt16LE(56);
  for (let i = 0; i < count; i += 1) {
    const at = start + i * 56;
    if (at + 56 > bytes.length) return "";
    if (bytes.readUInt32LE(at) !== 3) continue; // PT_INTERP
    const from = Number(bytes.readBigUInt64LE(at + 8));
    return bytes.toString("latin1", from, from + Number(bytes.readBigUInt64LE(at + 32)) - 1);
  }
  return "";
}

/** What Node runs on, in the words of the packages: `linux-x64-musl`. */
function platformName() {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const musl = os === "linux" && /musl/.test(loaderOf(head(process.execPath, 4096)));
  return `${os}-${process.arch}${musl ? "-musl" : ""}`;
}

/** Why the file cannot be started here; `undefined` when nothing speaks against it. */
function faultOf(file) {
  let bytes;
  try {
    if (!fs.statSync(file).isFile()) return "is not a regular file";
    bytes = head(file, 4096);
    if (process.platform !== "win32") fs.accessSync(file, fs.constants.X_OK);
  } catch (error) {
    return error.code === "ENOENT" ? "is missing" : `cannot be run: ${error.code}`;
  }
  if (machineOf(bytes) !== MACHINES[process.platform]?.[process.arch]) {
    return `is not a program for ${process.platform} ${process.arch}`;
  }
  const loader = process.platform === "linux" ? loaderOf(bytes) : "";
  return loader === "" || fs.existsSync(loader) ? undefined : `needs ${loader}, which is missing`;
}

function machineOf(bytes) {
  if (bytes.length < 64) return undefined;
  if (process.platform === "linux") {
    const elf64 = bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2;
    return elf64 ? bytes.readUInt16LE(18) : undefined;
  }
  if (process.platform === "darwin") {
    return bytes.readUInt32LE(0) === 0xfeedfacf ? bytes.readUInt32LE(4) : undefined;
  }
  const pe = bytes.readUInt32LE(60);
  if (bytes.readUInt16BE(0) !== 0x4d5a || pe + 6 > bytes.length) return undefined;
  return bytes.readUInt16LE(pe + 4);
}

/**
 * Becomes the program, where Node can: no process stays behind. A failed call ends older Nodes, so
 * everything that could fail was checked before.
 */
function become(file, args) {
  if (process.platform === "win32" || typeof process.execve !== "function") return;
  // Node ignores these two, and what is ignored stays so in the program; what is handled does not.
  // (What `nohup` ignored is lost: Node resets every signal when it starts, and tells nothing of it.)
  for (const signal of ["SIGPIPE", "SIGXFSZ"]) process.on(signal, () => {});
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {}; // "execve is experimental"
  try {
    process.execve(file, [file, ...args], process.env);
  } catch {
    process.emitWarning = emitWarning; // Newer Nodes throw, and the program is spawned.
  }
}

/** Runs the program as a child that shares everything, and ends as it did. */
function spawn(file, args) {
  const child = require("node:child_process").spawn(file, args, { stdio: "inherit" });
  // What the terminal sends to its group (^C, ^\) reaches the child by itself.
  const tty = require("node:tty");
  const terminal = [0, 1, 2].some((fd) => tty.isatty(fd));
  const signals = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"];
  for (const signal of process.platform === "win32" ? ["SIGINT", "SIGBREAK"] : signals) {
    const byGroup = terminal && ["SIGINT", "SIGQUIT", "SIGWINCH", "SIGBREAK"].includes(signal);
    process.on(signal, () => {
      if (!byGroup && process.platform !== "win32") child.kill(signal);
    });
  }
  child.on("error", (error) => fail(`${file} cannot be run: ${error.code}`, 126));
  child.on("exit", (status, signal) => {
    if (signal === null) process.exit(status);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + require("node:os").constants.signals[signal]), 100);
  });
}

function fail(message, status) {
  fs.writeSync(2, `cdp: ${message}\n`);
  process.exit(status);
}

const name = platformName();
let file;
try {
  const folder = path.dirname(require.resolve(`${PACKAGE}-${name}/package.json`));
  file = path.join(folder, "bin", process.platform === "win32" ? "cdp.exe" : "cdp");
} catch {
  const offered = require("../package.json").optionalDependencies[`${PACKAGE}-${name}`];
  fail(
    offered === undefined
      ? `there is no program for ${name}`
      : `the program for ${name} is not installed: npm install -g ${PACKAGE} --include=optional`,
    127,
  );
}
const fault = faultOf(file);
if (fault !== undefined) fail(`${file} ${fault}`, fault === "is missing" ? 127 : 126);
become(file, process.argv.slice(2));
spawn(file, process.argv.slice(2));
