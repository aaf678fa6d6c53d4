import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  backends,
  eventually,
  follow,
  outcome,
  run,
  scratchFolder,
  sh,
  textOf,
} from "../support/pty-child.ts";

/** A script that lives until it is signalled. */
const SH_LOOP = "while :; do sleep 0.02; done";

let folder = "";
beforeAll(() => (folder = scratchFolder("pty")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder for one test of one backend. */
function place(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

describe.each(backends)("the traffic of a pty by %s", (backend, spawn) => {
  describe("towards the child", () => {
    test("a new size arrives as SIGWINCH", async () => {
      const pty = sh(spawn, `trap 'stty size' WINCH; stty size; ${SH_LOOP}`);
      const output = follow(pty);
      await output.has("24 80");
      pty.resize({ rows: 31, cols: 107 });
      await output.has("31 107");
      pty.resize({ rows: 5, cols: 1 });
      await output.has("5 1\r");
      pty.close();
      await output.done;
    });

    test("the size in pixels is there from the start, after each new size, and 0 where unknown", async () => {
      const pixels = { width: 1000, height: 600 };
      const size = { rows: 30, cols: 100, pixels };
      const args = [join(import.meta.dirname, "../support/print-size.ts"), "quiet"];
      const pty = run(spawn, process.execPath, args, { size });
      const output = follow(pty);
      await output.has("[30 100 1000 600]");
      pty.resize({ rows: 20, cols: 50, pixels: { width: 500, height: 70_000 } });
      await output.has("[20 50 500 65535]");
      pty.resize({ rows: 20, cols: 51 });
      await output.has("[20 51 0 0]");
      expect(output.seen.text.match(/\[20 50 /g)).toHaveLength(1);
      pty.close();
      await output.done;
    });

    test("^C arrives as SIGINT", async () => {
      const pty = sh(spawn, `trap 'echo caught; exit 5' INT; echo ready; ${SH_LOOP}`);
      const output = follow(pty);
      await output.has("ready");
      pty.write(Uint8Array.of(3));
      await output.done;
      expect(output.seen.text).toContain("^Ccaught");
      expect(await pty.exited).toEqual({ code: 5 });
    });

    test("signals reach the whole process group, and nobody after the end", async () => {
      const pty = sh(spawn, `sh -c 'trap "echo two; exit" TERM; echo ready; ${SH_LOOP}' & wait`);
      const output = follow(pty);
      await output.has("ready");
      expect(pty.signal("SIGTERM")).toBe(true);
      await output.done;
      expect(await pty.exited).toEqual({ signal: 15 });
      expect(pty.signal("SIGTERM")).toBe(false);
    });

    test("a signal right after the spawn", async () => {
      const pty = sh(spawn, SH_LOOP);
      expect(pty.signal("SIGKILL")).toBe(true);
      expect((await outcome(pty)).exit).toEqual({ signal: 9 });
    });

    test("a stopped child is not gone, and goes on with everything it was sent", async () => {
      const pty = sh(spawn, "echo ready; read line; echo got $line; exit 3");
      const output = follow(pty);
      const state = () => readFileSync(`/proc/${pty.pid}/stat`, "utf8").split(") ")[1]?.[0];
      await output.has("ready");
      expect(pty.signal("SIGSTOP")).toBe(true);
      await eventually(() => state() === "T", "the child is stopped");
      pty.write(Buffer.from("wake\n"));
      await output.has("wake\r\n");
      expect(output.seen).toEqual({ text: "ready\r\nwake\r\n", ended: false });
      expect(pty.signal("SIGCONT")).toBe(true);
      await output.done;
      expect(output.seen.text).toEndWith("got wake\r\n");
      expect(await pty.exited).toEqual({ code: 3 });
    });

    test("1 MB is kept, in order, while the child does not read, and the loop goes on", async () => {
      const cwd = place(`${backend}-stalled`);
      const wait = "while [ ! -e go ]; do sleep 0.01; done";
      const pty = sh(spawn, `stty raw -echo; echo ready; ${wait}; head -c 1000000 | sha1sum`, {
        cwd,
      });
      const output = follow(pty);
      await output.has("ready");

      const wanted = new Bun.CryptoHasher("sha1");
      const piece = new Uint8Array(10_000);
      for (let n = 0; n < 100; n += 1) {
        for (let at = 0; at < piece.length; at += 1)
          piece[at] = (n * 7 + at * 31 + (at >> 8)) & 255;
        wanted.update(piece);
        pty.write(piece);
      }
      expect(pty.pendingBytes).toBeGreaterThan(800_000);
      // The child reads only once the loop has come to this: a write that waits for it never ends.
      writeFileSync(join(cwd, "go"), "");
      await output.done;
      expect(output.seen.text).toContain(wanted.digest("hex"));
      expect(pty.pendingBytes).toBe(0);
    });

    test("a paste of 10 MB goes through at once", async () => {
      const paste = Buffer.alloc(10_000_000, "0123456789abcdefghijk");
      const pty = sh(spawn, "stty raw -echo; echo ready; head -c 10000000 | sha1sum");
      const output = follow(pty);
      await output.has("ready");
      pty.write(paste);
      await output.done;
      expect(output.seen.text).toContain(new Bun.CryptoHasher("sha1").update(paste).digest("hex"));
    }, 20_000);
  });

  test("a slow reader stops the child, and loses nothing", async () => {
    const cwd = place(`${backend}-slow`);
    const progress = join(cwd, "progress");
    writeFileSync(progress, "0");
    const loop =
      "while [ $i -lt 200 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i >progress; done";
    const pty = sh(spawn, `stty raw -echo; i=0; ${loop}; head -c 3`, { cwd });
    const reader = pty.output[Symbol.asyncIterator]();
    const first = await reader.next();
    let last = first.value as Uint8Array;
    let total = last.length;

    let still = 0;
    let seen = "";
    await eventually(() => {
      const now = readFileSync(progress, "utf8").trim();
      still = now !== "" && now === seen ? still + 1 : 0;
      seen = now;
      return still > 60;
    }, "the child stands still");
    expect(Number(seen)).toBeLessThan(60);

    pty.write(Buffer.from("abc"));
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
      last = Buffer.concat([last.subarray(-3), next.value]);
      total += next.value.length;
    }
    expect(total).toBe(200 * 65_536 + 3);
    expect(Buffer.from(last.subarray(-3)).toString()).toBe("abc");
    expect(await pty.exited).toEqual({ code: 0 });
  }, 20_000);

  describe("close", () => {
    test("hangs up the child, ends the output and makes the rest no-ops", async () => {
      const pty = sh(spawn, "echo ready; exec sleep 20");
      const output = follow(pty);
      await output.has("ready");
      pty.close();
      pty.close();
      pty.write(Uint8Array.of(120));
      pty.resize({ rows: 1, cols: 1 });
      await output.done;
      expect(await pty.exited).toEqual({ signal: 1 });
      expect(pty.pendingBytes).toBe(0);
      expect(pty.signal("SIGTERM")).toBe(false);
    });

    test("before anything was read", async () => {
      const pty = sh(spawn, SH_LOOP);
      pty.close();
      // Killed by the hangup, or never started: forkpty(3) ends with 1 when its terminal is gone.
      expect([{ signal: 1 }, { code: 1 }]).toContainEqual(await pty.exited);
      expect(await textOf(pty)).toBe("");
    });

    test("with 1 MB still queued", async () => {
      const pty = sh(spawn, "stty raw -echo; echo ready; exec sleep 20");
      const output = follow(pty);
      await output.has("ready");
      pty.write(new Uint8Array(1_000_000));
      pty.close();
      await output.done;
      expect(await pty.exited).toEqual({ signal: 1 });
      expect(pty.pendingBytes).toBe(0);
    });

    test("is what leaving the loop over the output means", async () => {
      const pty = sh(spawn, "echo x; exec sleep 20");
      for await (const chunk of pty.output) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await pty.exited).toEqual({ signal: 1 });
    });

    test("leaves a child that ignores the hangup to itself, and still reports its end", async () => {
      const pty = sh(spawn, `trap '' HUP; echo ready; sleep 0.2; exit 9`);
      const output = follow(pty);
      await output.has("ready");
      pty.close();
      await output.done;
      expect(await pty.exited).toEqual({ code: 9 });
    });
  });
});
