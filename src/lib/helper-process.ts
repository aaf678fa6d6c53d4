import { dirname, join } from "node:path";

/** The first word of the command line when this program is to answer as a helper (`main.ts`). */
export const helperWord = "disk-helper";

/** A question to the disk that another process asks in our place. Disposing ends that process. */
export interface Helper extends Disposable {
  /** What it wrote; `undefined` when it could not be started or failed. Pends while the disk does. */
  readonly answer: Promise<Uint8Array | undefined>;
}

/** A config of at most 1 MB and what is said about it. */
const maxAnswer = 2 * 1024 * 1024;

/**
 * Asks a disk that may never answer. A system call on such a disk cannot be taken back: it would
 * occupy one of the runtime's few threads, and the process could not even end before it. So a copy
 * of this program makes it, which may be left behind. Measured with FUSE on Linux 6: a process with
 * one such call survives SIGKILL.
 */
export function askHelper(words: readonly string[]): Helper {
  const { BUN_BE_BUN: _bun, BUN_OPTIONS: _options, ...env } = process.env;
  try {
    const child = Bun.spawn([...ourselves(), helperWord, ...words], {
      env,
      cwd: "/",
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      maxBuffer: maxAnswer,
      // No terminal and no job of the person's: it may outlive both.
      detached: process.platform !== "win32",
    });
    child.unref();
    return { answer: answerOf(child), [Symbol.dispose]: () => child.kill("SIGKILL") };
  } catch {
    return { answer: Promise.resolve(undefined), [Symbol.dispose]: () => undefined };
  }
}

async function answerOf(
  child: Bun.Subprocess<"ignore", "pipe", "ignore">,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = new Uint8Array(await new Response(child.stdout).arrayBuffer());
    return (await child.exited) === 0 ? bytes : undefined;
  } catch {
    return undefined; // Lost: why; who asked says that the disk could not be asked.
  }
}

/** This program as it runs now, also when its file has been replaced by an update. */
function ourselves(): readonly string[] {
  const program = process.platform === "linux" ? "/proc/self/exe" : process.execPath;
  const isCompiled = !import.meta.path.endsWith("helper-process.ts");
  return isCompiled ? [program] : [program, join(dirname(import.meta.dir), "main.ts")];
}
