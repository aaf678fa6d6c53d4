import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../support/wait-for.ts";

/** The Node that the launcher runs on; `scripts/real/release.ts` names others. */
const node = process.env["LAUNCHER_NODE"] ?? "node";
const source = join(import.meta.dir, "..", "..", "scripts", "release", "launcher", "cdp.js");
const alias = (name: string) => `codex-discord-presence-${name}`;

/** Bun itself stands in for the program: it runs here, and `-e` makes it do what a test wants. */
let folder = "";
let launcher = "";
let program = "";
let platform = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cdp-launcher-"));
  launcher = join(folder, "node_modules", "codex-discord-presence", "bin", "cdp.js");
  mkdirSync(join(launcher, ".."), { recursive: true });
  copyFileSync(source, launcher);
  const os = process.platform === "win32" ? "windows" : process.platform;
  // The test's runtime is the glibc one on every Linux that has it.
  platform = `${os}-${process.arch}`;
  offer({ [alias(platform)]: "npm:…" });
  const home = join(folder, "node_modules", alias(platform));
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "package.json"), "{}");
  program = join(home, "bin", process.platform === "win32" ? "cdp.exe" : "cdp");
  install();
});

afterAll(() => rmSync(folder, { recursive: true }));

function offer(optionalDependencies: Readonly<Record<string, string>>): void {
  const json = JSON.stringify({ optionalDependencies });
  writeFileSync(join(launcher, "..", "..", "package.json"), json);
}

function install(): void {
  rmSync(program, { recursive: true, force: true });
  symlinkSync(process.execPath, program);
}

function start(...args: readonly string[]) {
  return Bun.spawn([node, launcher, ...args], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
}

async function ended(child: ReturnType<typeof start>) {
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return { out, err, status: child.exitCode, signal: child.signalCode };
}

const print = (what: string) => `process.stdout.write(String(${what}))`;

describe("the launcher", () => {
  test.each([0, 3, 126, 255])(
    "ends with the program's status %d, and prints nothing",
    async (status) => {
      const child = start("-e", `process.exit(${status})`);
      expect(await ended(child)).toEqual({ out: "", err: "", status, signal: null });
    },
  );

  test.each(["SIGTERM", "SIGKILL", "SIGABRT"] as const)(
    "ends by %s where the program does",
    async (signal) => {
      const child = start(
        "-e",
        `process.kill(process.pid, "${signal}"); setTimeout(() => {}, 60000)`,
      );
      const { signal: by, err } = await ended(child);
      expect({ by, err }).toEqual({ by: signal, err: "" });
    },
  );

  test.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "passes %s on, and lives as long as the program",
    async (signal) => {
      const caught = `process.on("${signal}", () => process.exit(7)); ${print('"ready"')}`;
      const child = start("-e", `${caught}; setTimeout(() => {}, 60000)`);
      const reader = child.stdout.getReader();
      expect(new TextDecoder().decode((await reader.read()).value)).toBe("ready");
      child.kill(signal);
      await child.exited;
      expect([child.exitCode, child.signalCode]).toEqual([7, null]);
    },
  );

  test("gives every argument and stdin as they are", async () => {
    const args = ["", "a b", "--", "-x", '"', "ä\n", "*", "$HOME"];
    const child = start(
      "-e",
      print("JSON.stringify(process.argv.slice(1)) + await Bun.stdin.text()"),
      "--",
      ...args,
    );
    void child.stdin.write("first\n");
    await child.stdin.flush();
    void child.stdin.write("second");
    await child.stdin.end();
    const { out, status } = await ended(child);
    expect(status).toBe(0);
    expect(out).toEndWith("first\nsecond");
    expect(JSON.parse(out.slice(0, out.indexOf("]") + 1)).slice(-args.length)).toEqual(args);
  });

  test("leaves signals as a shell would have: none ignored, none blocked", async () => {
    const command = ["-c", "exec grep -E '^Sig(Blk|Ign)' /proc/self/status"];
    const own = Bun.spawnSync(["sh", ...command]);
    if (own.exitCode !== 0) return; // no /proc on this system
    rmSync(program);
    symlinkSync("/bin/sh", program); // Bun would change them itself.
    expect((await ended(start(...command))).out).toBe(own.stdout.toString());
    install();
  });

  test("spawns the program, without a word, where Node could not become it", async () => {
    const stub = join(folder, "stub.cjs");
    const warn = 'process.emitWarning("execve", "ExperimentalWarning")';
    writeFileSync(stub, `process.execve = () => { ${warn}; throw new Error("no"); };`);
    const child = Bun.spawn([node, "-r", stub, launcher, "-e", "process.exit(5)"], {
      stderr: "pipe",
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    expect([await child.exited, await child.stderr.text()]).toEqual([5, ""]);
  });

  test("leaves no process of its own, where Node can become another program", async () => {
    const can = Bun.spawnSync([node, "-p", "typeof process.execve"]).stdout.toString().trim();
    const child = start("-e", `${print("process.pid")}; setTimeout(() => {}, 60000)`);
    let pid = "";
    for await (const chunk of child.stdout) {
      pid += new TextDecoder().decode(chunk);
      break;
    }
    expect(Number(pid) === child.pid).toBe(can === "function");
    child.kill("SIGKILL");
    if (can !== "function") process.kill(Number(pid), "SIGKILL");
    await child.exited;
    await waitFor("the program's end", () => !lives(Number(pid)));
  });
});

describe("the launcher says in one line what is wrong, and starts nothing", () => {
  const faults: readonly (readonly [string, () => void, RegExp, number])[] = [
    ["no program", () => rmSync(program), /is missing$/, 127],
    ["a folder", () => swap(() => mkdirSync(program)), /is not a regular file$/, 126],
    [
      "no right to run it",
      () => swap(() => writeFileSync(program, elf(), { mode: 0o644 })),
      /EACCES/,
      126,
    ],
    ["a script", () => swap(() => written("#!/bin/sh\necho no\n")), /is not a program for/, 126],
    ["an empty file", () => swap(() => written("")), /is not a program for/, 126],
    [
      "another processor's program",
      () => swap(() => written(elf(21))),
      /is not a program for/,
      126,
    ],
    [
      "a loader that is not there",
      () => swap(() => written(elf())),
      /needs \/no\/loader, which is missing/,
      126,
    ],
    [
      "no package of the platform",
      () => rmSync(join(program, "..", ".."), { recursive: true }),
      /is not installed: npm install -g/,
      127,
    ],
    ["no program for the platform", () => offer({}), /there is no program for/, 127],
  ];

  test.each(faults)("%s", async (_, spoil, line, status) => {
    spoil();
    const seen = await ended(start("--version"));
    expect({ out: seen.out, status: seen.status }).toEqual({ out: "", status });
    expect(seen.err).toMatch(/^cdp: [^\n]*\n$/);
    expect(seen.err.trimEnd()).toMatch(line);
  });

  function swap(make: () => void): void {
    rmSync(program, { recursive: true, force: true });
    make();
  }

  function written(bytes: string | Uint8Array): void {
    writeFileSync(program, bytes);
    chmodSync(program, 0o755);
  }
});

/** The head of an ELF program whose loader is `/no/loader`. @param machine e_machine; this one's by default */
function elf(machine = process.arch === "x64" ? 62 : 183): Uint8Array {
  const bytes = Buffer.alloc(256);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(3, 64);
  bytes.writeBigUInt64LE(128n, 72);
  bytes.writeBigUInt64LE(11n, 96);
  bytes.write("/no/loader\0", 128);
  return bytes;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
