import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  backends,
  bun,
  eventually,
  openPtys,
  outcome,
  run,
  scratchFolder,
  sh,
  textOf,
} from "../support/pty-child.ts";

let folder = "";
beforeAll(() => (folder = scratchFolder("pty")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder for one test of one backend. */
function place(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

describe.each(backends)("a pty by %s", (backend, spawn) => {
  test("is the backend that was asked for", async () => {
    const pty = sh(spawn, "exit 0");
    await textOf(pty);
    expect(pty.backend).toBe(backend);
    expect(pty.pid).toBeGreaterThan(1);
  });

  describe("what the child is given", () => {
    test.each([
      ["spaces and empty strings", ["a b", "", " ", ""]],
      ["what a shell would expand", ["*", "$HOME", "~", "a;b", "`x`", "'", '"', "\\"]],
      ["options and other scripts", ["--", "-n", "--help", "é", "日本", "🙂"]],
      ["an argument of 100 000 characters", ["x".repeat(100_000)]],
    ])("argv: %s", async (_name, args) => {
      const pty = sh(spawn, `for a; do printf '%s\\n' "[$a]"; done`, {}, args);
      expect((await outcome(pty)).lines).toEqual(args.map((arg) => `[${arg}]`));
    });

    test("the environment, and nothing else", async () => {
      const env = { A: "1 2", EMPTY: "", "WITH.DOT": "ü", EQUALS: "a=b=c" };
      const pty = run(spawn, Bun.which("env") ?? "/usr/bin/env", [], { env });
      const { lines } = await outcome(pty);
      expect(lines.toSorted()).toEqual(["A=1 2", "EMPTY=", "EQUALS=a=b=c", "WITH.DOT=ü"]);
    });

    test("an empty environment", async () => {
      const pty = run(spawn, Bun.which("env") ?? "/usr/bin/env", [], { env: {} });
      expect((await outcome(pty)).lines).toEqual([]);
    });

    test("the working folder", async () => {
      const cwd = place(`${backend} with space`);
      expect((await outcome(sh(spawn, "pwd -P", { cwd }))).lines).toEqual([cwd]);
    });

    test("the size in cells, none in pixels", async () => {
      const code = `
        const { dlopen, ptr } = await import("bun:ffi");
        const { symbols } = dlopen("libc.so.6", { ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" } });
        const size = new Uint16Array(4).fill(9);
        symbols.ioctl(1, 0x5413, ptr(size));
        console.log(size.join(" "));`;
      const pty = run(spawn, process.execPath, ["-e", code], { size: { rows: 17, cols: 93 } });
      expect((await outcome(pty)).lines).toEqual(["17 93 0 0"]);
    });

    test("a session of its own with the pty as controlling terminal", async () => {
      const pty = sh(spawn, "cut -d' ' -f1,5,6,8 /proc/$$/stat; test -w /dev/tty && echo tty");
      const { pid } = pty;
      const stat = `${pid} ${pid} ${pid} ${pid}`;
      expect((await outcome(pty)).lines).toEqual([stat, "tty"]);
    });

    test("descriptors 0, 1 and 2 only, also while another pty is open", async () => {
      const other = sh(spawn, "exec cat");
      const { lines } = await outcome(sh(spawn, "ls -x /proc/$$/fd"));
      const piped = Bun.spawnSync(["/bin/sh", "-c", "ls -l /proc/$$/fd"]).stdout.toString();
      other.close();
      expect(lines.join().trim().split(/\s+/)).toEqual(["0", "1", "2"]);
      expect(piped).not.toContain("ptmx");
    });

    test("default signals and an empty mask", async () => {
      const grep = Bun.which("grep") ?? "/bin/grep";
      const pty = run(spawn, grep, ["-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status"]);
      const none = "0".repeat(16);
      const { lines } = await outcome(pty);
      expect(lines.slice(0, 2)).toEqual([`SigBlk:\t${none}`, `SigIgn:\t${none}`]);
    });
  });

  describe("the end", () => {
    test.each([0, 1, 7, 126, 255])("exit status %d", async (code) => {
      expect((await outcome(sh(spawn, `echo x; exit ${code}`))).exit).toEqual({ code });
    });

    test.each([
      ["HUP", 1],
      ["INT", 2],
      ["KILL", 9],
      ["SEGV", 11],
      ["TERM", 15],
      ["40", 40],
    ])("death by signal %s", async (name, signal) => {
      expect((await outcome(sh(spawn, `kill -${name} $$`))).exit).toEqual({ signal });
    });

    test("50 MB just before the exit are read before the exit is reported", async () => {
      const command = "seq 1 6500000";
      const piped = Bun.spawn(["/bin/sh", "-c", command], { stdout: "pipe" });
      const wanted = new Bun.CryptoHasher("sha1");
      for await (const chunk of piped.stdout) wanted.update(chunk);
      const got = new Bun.CryptoHasher("sha1");
      let bytes = 0;
      let reported = false;
      const pty = sh(spawn, `stty -opost; ${command}; exit 3`);
      void pty.exited.then(() => (reported = true));
      for await (const chunk of pty.output) {
        expect(reported).toBe(false);
        got.update(chunk);
        bytes += chunk.length;
      }
      expect(bytes).toBeGreaterThan(50_000_000);
      expect(got.digest("hex")).toBe(wanted.digest("hex"));
      expect(await pty.exited).toEqual({ code: 3 });
    }, 30_000);

    test("a word just before the exit is never lost", async () => {
      const ends = await Promise.all(
        Array.from({ length: 25 }, (_, n) => outcome(sh(spawn, `echo ${n}; exit ${n}`))),
      );
      expect(ends).toEqual(ends.map((_, n) => ({ lines: [`${n}`], exit: { code: n } })));
    });

    test("no descriptor stays open", async () => {
      const before = openPtys();
      for (let n = 0; n < 5; n += 1) await outcome(sh(spawn, "echo x"));
      await eventually(() => openPtys() <= before, "descriptors closed");
    });

    test("a child that lets go of its terminal is neither hung up nor given up", async () => {
      const pty = sh(spawn, "echo x; exec </dev/null >/dev/null 2>&1; sleep 0.3; exit 8");
      const end = outcome(pty);
      const errors = () => readlinkSync(`/proc/${pty.pid}/fd/2`);
      await eventually(() => errors() === "/dev/null", "the terminal let go");
      pty.resize({ rows: 3, cols: 3 });
      pty.write(Uint8Array.of(120));
      expect(await end).toEqual({ lines: ["x"], exit: { code: 8 } });
    });

    test("a grandchild that outlives the hangup does not hold it up", async () => {
      const pty = sh(spawn, `trap '' HUP; sleep 600 & echo $!; exit 4`);
      const { lines, exit } = await outcome(pty);
      process.kill(Number(lines[0]), "SIGKILL"); // Throws if it has ended by itself.
      expect(exit).toEqual({ code: 4 });
    });

    test("nor one that really keeps the terminal open", async () => {
      // TIOCNOTTY: the session's leader gives its terminal up, so its end hangs nobody up.
      const code = `
        const { dlopen } = await import("bun:ffi");
        const { symbols } = dlopen("libc.so.6", { ioctl: { args: ["i32", "u64"], returns: "i32" } });
        process.on("SIGHUP", () => {});
        symbols.ioctl(0, 0x5422);
        const stdio = ["inherit", "inherit", "inherit"];
        console.log(String(Bun.spawn(["/bin/sleep", "20"], { stdio }).pid));
        process.exit(6);`;
      const { lines, exit } = await outcome(bun(spawn, code));
      const grandchild = Number(lines[0]);
      const terminal = readFileSync(`/proc/${grandchild}/stat`, "utf8");
      process.kill(grandchild, "SIGKILL");
      expect(terminal).toContain("(sleep) ");
      expect(exit).toEqual({ code: 6 });
    });
  });

  test.each([
    ["a program that does not exist", { file: "/no/such/program" }, "ENOENT"],
    ["a folder as program", { file: "/" }, "EACCES"],
    ["a working folder that does not exist", { cwd: "/no/such/folder" }, "ENOENT"],
    ["a file as working folder", { cwd: "/bin/sh" }, "ENOTDIR"],
  ])("refuses %s", (_name, options, code) => {
    const before = openPtys();
    expect(() => sh(spawn, "exit", options)).toThrow(expect.objectContaining({ code }));
    expect(openPtys()).toBeLessThanOrEqual(before);
  });

  test("refuses a program that may not be run", () => {
    const file = join(place(`${backend}-refused`), "program");
    writeFileSync(file, "", { mode: 0o644 });
    expect(() => sh(spawn, "exit", { file })).toThrow(expect.objectContaining({ code: "EACCES" }));
  });
});
