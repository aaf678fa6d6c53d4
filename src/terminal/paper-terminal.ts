import { openEmulator } from "./emulator.ts";
import { nullTerminal } from "./null-terminal.ts";
import type { Terminal, TerminalSize } from "./terminal.ts";

/** A terminal that nobody looks at, whose screen can be printed. */
export interface PaperTerminal extends Terminal {
  /** The rows of the screen as text, without spaces at their ends. */
  rows(): Promise<readonly string[]>;
}

/** Import this file lazily: it loads xterm.js. */
export function openPaper(size: TerminalSize): PaperTerminal {
  const emulator = openEmulator(size);
  return {
    ...nullTerminal(size),
    write(bytes) {
      emulator.write(bytes);
      return undefined;
    },
    writeLast: (bytes) => emulator.write(bytes),
    async rows() {
      await new Promise<void>((taken) => emulator.write("", taken));
      const { active } = emulator.buffer;
      return Array.from({ length: size.rows }, (_, row) =>
        (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
      );
    },
    [Symbol.dispose]: () => emulator.dispose(),
  };
}
