import { devNull } from "node:os";
import { findCodex } from "../codex/binary.ts";
import type { CodexAnswer, CodexFacts } from "../doctor/codex.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { withAbsolutePath } from "../lib/programs.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Codex itself answers in 20 ms, through npm's Node script in 170. */
const versionMs = 1200;
const maxAnswer = 200;

/** Which program `cdp codex` would run, and what that says of its version. Never rejects. */
export async function codexFacts(env: Env, clock: Clock): Promise<CodexFacts> {
  const { execPath: self, platform } = process;
  try {
    const { path } = await findCodex({ env, cwd: process.cwd(), self, platform });
    return { kind: "found", path, said: await askVersion(path, env, clock) };
  } catch (error) {
    return { kind: "missing", problem: messageOf(error) };
  }
}

async function askVersion(path: string, env: Env, clock: Clock): Promise<CodexAnswer> {
  try {
    const child = Bun.spawn([path, "--version"], {
      // Even then Codex would make a folder `tmp` in its home; it does without one.
      env: { ...withAbsolutePath(env, process.platform), CODEX_HOME: devNull },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      maxBuffer: 64 * 1024,
      // A group of its own, so that what it started in turn ends with it.
      detached: process.platform !== "win32",
    });
    const { promise, resolve } = Promise.withResolvers<CodexAnswer>();
    using _ = clock.after(versionMs, () => {
      endGroup(child.pid);
      resolve({ kind: "silent", why: `no answer in ${versionMs} ms` });
    });
    void answerOf(child).then(resolve);
    return await promise;
  } catch (error) {
    return { kind: "silent", why: messageOf(error) };
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

async function answerOf(child: Bun.Subprocess<"ignore", "pipe", "ignore">): Promise<CodexAnswer> {
  try {
    const text = await new Response(child.stdout).text();
    const status = await child.exited;
    if (status === 0) return { kind: "version", text: text.trim().slice(0, maxAnswer) };
    return { kind: "silent", why: `it ended with status ${status}` };
  } catch (error) {
    return { kind: "silent", why: messageOf(error) };
  }
}
