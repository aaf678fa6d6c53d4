import { devNull } from "node:os";
import { findCodex } from "../codex/binary.ts";
import type { CodexAnswer, CodexFacts } from "../doctor/codex.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { withAbsolutePath } from "../lib/programs.ts";
import { runProgram } from "../lib/run-program.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Codex itself answers in 20 ms, through npm's Node script in 170. */
const versionMs = 1200;
const maxBytes = 64 * 1024;
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
  // Even then Codex would make a folder `tmp` in its home; it does without one.
  const asked = { ...withAbsolutePath(env, process.platform), CODEX_HOME: devNull };
  const options = { env: asked, clock, timeoutMs: versionMs, maxBytes };
  const ran = await runProgram(path, ["--version"], options);
  if (ran.kind === "failed") return { kind: "silent", why: ran.reason };
  if (ran.status === 0) return { kind: "version", text: ran.text.trim().slice(0, maxAnswer) };
  return { kind: "silent", why: `it ended with status ${ran.status}` };
}
