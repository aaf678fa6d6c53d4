import type { Terminal, TerminalSize } from "./terminal.ts";

/** A terminal that nobody looks at: takes everything, types nothing, answers nothing. */
export function nullTerminal(size: TerminalSize): Terminal {
  return {
    size,
    input: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) },
    inForeground: true,
    write: () => undefined,
    setRaw: () => undefined,
    onResize: () => ({ [Symbol.dispose]: () => undefined }),
    writeLast: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
}
