import { waitFor } from "./wait-for.ts";

/** A child process that prints lines, for tests with real processes. */
export interface Spawned extends AsyncDisposable {
  readonly pid: number;
  /** Everything printed so far, line by line. */
  readonly lines: readonly string[];
  readonly errors: () => string;
  readonly exited: Promise<number>;
  /** Resolves with the first line that begins so, from the `from`th on. */
  said(prefix: string, from?: number): Promise<string>;
  /** Writes a line to its stdin. */
  tell(line: string): void;
  signal(name: NodeJS.Signals): void;
  ended(): boolean;
}

/** Runs a program of this repository (or any command) until disposed of, which kills it. */
export function spawned(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Spawned {
  const child = Bun.spawn([...command], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  let errors = "";
  void read(child.stdout, (line) => lines.push(line));
  void read(child.stderr, (line) => (errors += `${line}\n`));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid,
    lines,
    errors: () => errors,
    exited: child.exited,
    said: async (prefix, from = 0) => {
      const find = () => lines.slice(from).find((line) => line.startsWith(prefix));
      try {
        await waitFor(`"${prefix}" from ${child.pid}`, () => find() !== undefined);
      } catch (error) {
        throw new Error(`${String(error)}; it said:\n${lines.join("\n")}\n${errors}`, {
          cause: error,
        });
      }
      return find()!;
    },
    tell: (line) => {
      void child.stdin.write(`${line}\n`);
      void child.stdin.flush();
    },
    signal: (name) => child.kill(name),
    ended,
    [Symbol.asyncDispose]: async () => {
      if (!ended()) child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function read(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) take(part);
  }
}
