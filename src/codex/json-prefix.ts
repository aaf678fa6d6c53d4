import { parseObject, type Json } from "./json.ts";

/** Where a cut text may end so that closing what is open gives JSON again. */
interface Open {
  /** Closing brackets of what is open here, innermost first. */
  readonly closers: string;
  /** Whether the text is inside a string, and whether that is a value. */
  readonly string: "key" | "value" | undefined;
  /** The last place after a complete member, or after an opening bracket, with its closers. */
  readonly safe: { readonly end: number; readonly closers: string };
}

/**
 * The object that `text` begins with, also where its end was cut off: a string that is cut keeps
 * its beginning, and what comes after the cut is absent. `undefined` where it is no object.
 */
export function parseObjectPrefix(text: string): Json | undefined {
  const whole = parseObject(text);
  if (whole !== undefined) return whole;
  const open = scan(text);
  const { closers, string, safe } = open;
  if (string === "value") {
    const kept = text.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, (cut, at: number) =>
      isEscaped(text, at) ? cut : "",
    );
    return parseObject(`${kept}"${closers}`);
  }
  return parseObject(text.slice(0, safe.end) + safe.closers);
}

/** Whether the backslash at `at` is itself what another backslash stands before. */
function isEscaped(text: string, at: number): boolean {
  let before = 0;
  while (text[at - 1 - before] === "\\") before += 1;
  return before % 2 === 1;
}

function scan(text: string): Open {
  let closers = "";
  let string: Open["string"];
  let safe = { end: 0, closers: "" };
  /** The last character that is neither space nor part of a string. */
  let before = "";
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? "";
    if (string !== undefined) {
      if (char === "\\") i += 1;
      else if (char === '"') string = undefined;
      continue;
    }
    if (char === '"') {
      const inList = closers.startsWith("]");
      string = before === ":" || inList ? "value" : "key";
    } else if (char === "{" || char === "[") {
      closers = (char === "{" ? "}" : "]") + closers;
      safe = { end: i + 1, closers };
    } else if (char === "}" || char === "]") {
      closers = closers.slice(1);
      safe = { end: i + 1, closers };
    } else if (char === ",") {
      safe = { end: i, closers };
    }
    if (char.trim() !== "") before = char;
  }
  return { closers, string, safe };
}
