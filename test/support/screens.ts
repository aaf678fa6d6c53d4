import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../fixtures/screens");

export interface ScreenCase {
  readonly name: string;
  readonly input: Uint8Array;
}

/**
 * The hand-made cases of `test/fixtures/screens/*.in`: a line `# name`, then what a child writes, where
 * `\e`, `\r`, `\n`, `\t`, `\b`, `\0`, `\xHH` (a byte), `\uHHHH` and `\\` stand for themselves; the ends
 * of lines do not count.
 */
export function screenCases(): readonly ScreenCase[] {
  return readdirSync(FOLDER)
    .toSorted()
    .flatMap((file) => {
      const blocks = readFileSync(join(FOLDER, file), "utf8").split(/^# /m).slice(1);
      return blocks.map((block) => {
        const [title = "", ...lines] = block.trim().split("\n");
        return { name: `${file}: ${title}`, input: unescaped(lines.join("")) };
      });
    });
}

const NAMED: Readonly<Record<string, number>> = {
  e: 27,
  r: 13,
  n: 10,
  t: 9,
  b: 8,
  "0": 0,
  "\\": 92,
};

function unescaped(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [, escape, plain] of text.matchAll(/\\(x[\da-f]{2}|u[\da-f]{4}|.)|([^\\]+)/gi)) {
    if (plain !== undefined) bytes.push(...new TextEncoder().encode(plain));
    else if (escape?.startsWith("x")) bytes.push(Number.parseInt(escape.slice(1), 16));
    else if (escape?.startsWith("u")) {
      bytes.push(
        ...new TextEncoder().encode(String.fromCharCode(Number.parseInt(escape.slice(1), 16))),
      );
    } else bytes.push(NAMED[escape ?? ""] ?? 0);
  }
  return Uint8Array.from(bytes);
}
