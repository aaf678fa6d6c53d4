import type { Clock } from "./clock.ts";
import { messageOf } from "./errors.ts";

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** After so many ms the program is ended. */
  readonly timeoutMs: number;
  /** With more output than that it is ended, too. */
  readonly maxBytes: number;
}

/** What a program came to: its status with all of its output, or why there is none. */
export type Ran =
  | { readonly kind: "ended"; readonly status: number; readonly text: string }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Runs a program without input and reads its output. It runs in a process group of its own, away
 * from the terminal, and that group is ended with it. Never rejects.
 *
 * @param path absolute: nothing is looked up
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ran> {
  const { env, clock, timeoutMs, maxBytes } = options;
  try {
    const child = Bun.spawn([path, ...args], {
      env,
      // A folder that always answers: the new process enters it before anything can interrupt it.
      ...(process.platform === "win32" ? {} : { cwd: "/" }),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      detached: process.platform !== "win32",
    });
    const { promise, resolve } = Promise.withResolvers<Ran>();
    using _ = clock.after(timeoutMs, () =>
      resolve({ kind: "failed", reason: `no answer in ${timeoutMs} ms` }),
    );
    void answerOf(child, maxBytes).then(resolve);
    const ran = await promise;
    endGroup(child.pid);
    return ran;
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  }
}

async function answerOf(
  child: Bun.Subprocess<"ignore", "pipe", "ignore">,
  maxBytes: number,
): Promise<Ran> {
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of child.stdout) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) {
        return { kind: "failed", reason: `more than ${maxBytes} bytes of output` };
      }
    }
    const status = await child.exited;
    if (child.signalCode !== null)
      return { kind: "failed", reason: `ended by ${child.signalCode}` };
    return { kind: "ended", status, text: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  }
}

/** Also what the program started in turn, and left behind. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // All of it has ended by itself.
  }
}
