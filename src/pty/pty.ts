/** Size of a terminal in character cells, and in pixels where they are known. */
export interface PtySize {
  readonly rows: number;
  readonly cols: number;
  /** Of the whole terminal; the child reads 0 by 0, which means unknown, where it is absent. */
  readonly pixels?: { readonly width: number; readonly height: number };
}

export interface PtyOptions {
  /** Absolute path of the program. */
  readonly file: string;
  /** Arguments after the program's own name; empty strings and spaces stay as they are. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly size: PtySize;
}

/** How the child ended: by itself, or killed by a signal's number. */
export type PtyExit = { readonly code: number } | { readonly signal: number };

/**
 * A child process on the slave side of a pseudo-terminal of its own (new session, controlling
 * terminal), and the master side in our hands. Backends: `node-pty.ts`, `bun-pty.ts`.
 */
export interface Pty {
  readonly backend: "node-pty" | "bun";
  readonly pid: number;
  /**
   * What the child writes, in order, read only as fast as it is taken (a slow consumer stops the
   * child as a slow terminal would). Ends when the child is gone and everything it wrote has been
   * read, also where a grandchild keeps the slave side open.
   */
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves once, after `output` has ended. Never rejects. */
  readonly exited: Promise<PtyExit>;
  /** Queues bytes for the child and returns at once; order is kept, nothing is lost. */
  write(bytes: Uint8Array): void;
  /** Bytes queued but not yet taken by the kernel. */
  readonly pendingBytes: number;
  /**
   * Whether the child has its terminal in canonical mode, line by line, as a shell gives it to a
   * program; `undefined` where the system does not say.
   */
  readonly canonical: boolean | undefined;
  /** Sets the size; the kernel tells the child with SIGWINCH. A no-op after the end. */
  resize(size: PtySize): void;
  /** Sends a signal to the child's process group. False when it is gone. */
  signal(name: NodeJS.Signals): boolean;
  /** Closes our side; the kernel hangs up on the child (SIGHUP). Idempotent. */
  close(): void;
}

export type SpawnPty = (options: PtyOptions) => Pty;
