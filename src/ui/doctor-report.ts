import { jsonText } from "../lib/printable.ts";
import { sanitize, textWidth } from "../terminal/text.ts";
import type { Style, Theme } from "./theme.ts";

/** One thing that was looked at: what is so and, where it should be otherwise, what to do. */
export interface CheckView {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  readonly line: string;
  readonly fix?: string;
}

type State = CheckView["state"];

/**
 * The checks as text, what is wrong with its fix below it, and a summary last.
 *
 * @param columns of the terminal: marks are glyphs and lines are wrapped there; without it (a pipe)
 *   words stand for glyphs and lines are whole
 */
export function doctorText(
  checks: readonly CheckView[],
  theme: Theme,
  columns: number | undefined,
): string {
  const marks = columns === undefined ? words : theme.unicode ? glyphs : asciiGlyphs;
  const markWidth = Math.max(...Object.values(marks).map((mark) => mark.length));
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const indent = markWidth + 1 + nameWidth + 2;
  const room = columns === undefined ? Infinity : Math.max(minRoom, columns - indent);
  const body = checks.map(({ name, state, line, fix }) => {
    const head = `${theme.paint[styles[state]](marks[state].padEnd(markWidth))} ${name.padEnd(nameWidth)}  `;
    const fixes = fix === undefined ? [] : hung(`fix: ${sanitize(fix)}`, room, indent);
    const said = hung(sanitize(line), room, indent).join("\n").slice(indent);
    return [head + said, ...fixes.map((text) => theme.paint.quiet(text))].join("\n");
  });
  return `${body.join("\n")}\n\n${summary(checks, theme)}\n`;
}

/** Stable keys; a check without a fix has `null` there. */
export function doctorJson(checks: readonly CheckView[]): string {
  const rows = checks.map(({ name, state, line, fix }) => ({
    name,
    state,
    line,
    fix: fix ?? null,
  }));
  return `${jsonText({ schema: 1, checks: rows }, 2)}\n`;
}

type Marks = Readonly<Record<State, string>>;

const words: Marks = { ok: "ok", warn: "warn", fail: "FAIL" };
const glyphs: Marks = { ok: "✓", warn: "!", fail: "✗" };
const asciiGlyphs: Marks = { ok: "+", warn: "!", fail: "x" };
const styles: Readonly<Record<State, Style>> = { ok: "good", warn: "warn", fail: "bad" };
/** In a window narrower than the names need, lines run over instead of being cut to nothing. */
const minRoom = 30;

function summary(checks: readonly CheckView[], theme: Theme): string {
  const count = (state: State): number => checks.filter((one) => one.state === state).length;
  const [failures, warnings] = [count("fail"), count("warn")];
  if (failures + warnings === 0) return theme.paint.good(`All ${checks.length} checks are well.`);
  const parts = [
    [failures, "failure"],
    [warnings, "warning"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, noun]) => `${n} ${noun}${n === 1 ? "" : "s"}`);
  const style = failures > 0 ? "bad" : "warn";
  return theme.paint[style](`${said.join(", ")}, ${count("ok")} well.`);
}

/** The text in lines of at most `room` cells, each indented; a longer word is left whole. */
function hung(text: string, room: number, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].map((each) => " ".repeat(indent) + each);
}
