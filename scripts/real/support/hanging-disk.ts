import { constants, openSync, readSync, statSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { dlopen, FFIType, ptr } from "bun:ffi";
import { waitFor } from "../../../test/support/wait-for.ts";

/** A disk on a folder that answers nothing; disposing ends it, and with it all that waits for it. */
export interface HangingDisk extends AsyncDisposable {
  readonly folder: string;
  /** Whether a program waits for it. */
  isAsked(): boolean;
}

/** `FUSE_INIT`, the one request that is answered: the kernel waits for it before all others. */
const init = 26;
const headerBytes = 16;
const initBytes = 64;

/**
 * Mounts one by FUSE, with a program that reads what it is asked and says nothing: such calls
 * survive SIGKILL. Needs root. Rejects where nothing may be mounted.
 *
 * @param user who mounted it, as the kernel is told
 */
export async function mountHangingDisk(folder: string, user = 0): Promise<HangingDisk> {
  const program = Bun.spawn([process.execPath, resolve(import.meta.path), folder, `${user}`], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const reader = program.stdout.getReader();
  const decoder = new TextDecoder();
  let said = "";
  const first = await reader.read();
  said += decoder.decode(first.value);
  if (!said.startsWith("mounted")) {
    throw new Error(`nothing could be mounted: ${await new Response(program.stderr).text()}`);
  }
  void (async () => {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { value, done } = await reader.read();
      if (done) return;
      said += decoder.decode(value);
    }
  })();
  return {
    folder,
    isAsked: () => said.includes("asked"),
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await program.exited;
      Bun.spawnSync(["umount", "--lazy", folder]);
    },
  };
}

/** A folder seen through FUSE (bindfs), until it is stopped. */
export interface Mirror extends AsyncDisposable {
  /** From now on it answers nothing. */
  stop(): void;
}

export async function mountMirror(folder: string, at: string): Promise<Mirror> {
  const program = Bun.spawn(["bindfs", "-f", folder, at], { stdout: "ignore", stderr: "ignore" });
  const device = statSync(folder).dev;
  await waitFor("the mirror", () => statSync(at).dev !== device);
  return {
    stop: () => program.kill("SIGSTOP"),
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await program.exited;
      Bun.spawnSync(["umount", "--lazy", at]);
    },
  };
}

/** The program behind the disk; see fuse(4). */
function serve(folder: string, user: string): void {
  const { u64, i32, cstring } = FFIType;
  const libc = dlopen("libc.so.6", {
    mount: { args: [cstring, cstring, cstring, u64, cstring], returns: i32 },
  });
  const fd = openSync("/dev/fuse", constants.O_RDWR);
  const text = (value: string) => ptr(Buffer.from(`${value}\0`));
  const options = `fd=${fd},rootmode=40000,user_id=${user},group_id=0,allow_other`;
  const mounted = libc.symbols.mount(text("hang"), text(folder), text("fuse"), 0, text(options));
  if (mounted !== 0) throw new Error("mount(2) failed");
  process.stdout.write("mounted\n");
  const request = Buffer.alloc(1024 * 1024);
  for (;;) {
    readSync(fd, request);
    if (request.readUInt32LE(4) === init) writeSync(fd, initAnswer(request));
    else writeSync(1, "asked\n");
  }
}

/** Version 7.31, and nothing that the kernel would have to ask for besides. */
function initAnswer(request: Buffer): Buffer {
  const answer = Buffer.alloc(headerBytes + initBytes);
  answer.writeUInt32LE(answer.length, 0);
  answer.writeBigUInt64LE(request.readBigUInt64LE(8), 8);
  answer.writeUInt32LE(7, headerBytes);
  answer.writeUInt32LE(31, headerBytes + 4);
  answer.writeUInt32LE(4096, headerBytes + 8);
  answer.writeUInt16LE(12, headerBytes + 16);
  answer.writeUInt16LE(10, headerBytes + 18);
  answer.writeUInt32LE(4096, headerBytes + 20);
  return answer;
}

if (import.meta.main) serve(process.argv[2] ?? "", process.argv[3] ?? "0");
