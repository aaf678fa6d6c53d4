// edge
import { writeSync } from "node:fs";
import { codeOf } from "./errors.ts";
import { printable, printableStyled } from "./printable.ts";

/**
 * The one door to standard output and standard error (screens have their own, terminal/terminal.ts).
 * Nothing passes it that a terminal would obey; test/architecture keeps every other way closed.
 */

/** Writes to standard output; resolves when it has been taken. */
export function print(text: string): Promise<void> {
  // @guard print-printable
  return written(printable(text));
}

/** As `print`, for text whose styles (SGR) are our own: what comes from outside is sanitized in it. */
export function printStyled(text: string): Promise<void> {
  // @guard print-styled
  return written(printableStyled(text));
}

/**
 * A line on standard error, there when this returns. Not by the stream, which makes a descriptor
 * non-blocking that Codex may share.
 */
export function complain(line: string): void {
  // @guard complain-printable
  const text = `cdp: ${printable(line)}\n`;
  try {
    writeSync(2, text);
  } catch (error) {
    // Non-blocking and full: the stream waits. Closed: the line is lost with its reader.
    if (codeOf(error) === "EAGAIN") process.stderr.write(text);
  }
}

/** Standard output is a terminal, and so wide. */
export function outputColumns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

function written(text: string): Promise<void> {
  return new Promise((resolve) => void process.stdout.write(text, () => resolve()));
}
