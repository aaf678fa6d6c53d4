import { createScanner, type Node } from "jsonc-parser";
import { UserError } from "../lib/errors.ts";
import { printable } from "../lib/printable.ts";
import { parseDocument, propertyOf, withoutMark } from "./document.ts";

/** Names from the top of the file down: `["display", "paused"]`. */
export type KeyPath = readonly string[];

/** One replacement of `[from, to)` by `text`. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text with one key set; all else stays byte for byte, comments, order and layout included.
 * Throws a `UserError` where the text is broken or something other than an object is in the way.
 */
export function setKey(text: string, path: KeyPath, value: unknown): string {
  const layout = layoutOf(text);
  let object = rootOf(text);
  for (const [depth, name] of path.entries()) {
    const rest = path.slice(depth + 1);
    const found = propertyOf(object, name)?.children?.[1];
    if (found === undefined) {
      const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      return apply(text, insertion(text, object, name, nested, layout));
    }
    if (rest.length === 0) {
      const indent = indentAt(text, found.offset);
      const written = write(value, indent, layout);
      return apply(text, [{ from: found.offset, to: endOf(found), text: written }]);
    }
    if (found.type !== "object") throw inTheWay(path.slice(0, depth + 1));
    object = found;
  }
  return text;
}

/** The text without a key, wherever it stands; comments stay, an emptied line does not. */
export function removeKey(text: string, path: KeyPath): string {
  let left = text;
  for (;;) {
    const found = find(left, path);
    if (found === undefined) return left;
    left = apply(left, removal(left, found.object, found.property));
  }
}

/** As `setKey` at the top of the file, but a new key goes before all others. */
export function setFirst(text: string, name: string, value: unknown): string {
  const object = rootOf(text);
  const [first] = object.children ?? [];
  if (first === undefined || propertyOf(object, name) !== undefined) {
    return setKey(text, [name], value);
  }
  const layout = layoutOf(text);
  const property = `${JSON.stringify(name)}: ${write(value, layout.unit, layout)},`;
  const open = object.offset + 1;
  const { end, newLine } = restOfLine(text, open);
  const inserted = newLine
    ? { from: end, to: end, text: `${layout.eol}${indentAt(text, first.offset)}${property}` }
    : { from: open, to: open, text: ` ${property}` };
  return apply(text, [inserted]);
}

function find(text: string, path: KeyPath): { object: Node; property: Node } | undefined {
  let object = rootOf(text);
  for (const [depth, name] of path.entries()) {
    const property = propertyOf(object, name);
    const value = property?.children?.[1];
    if (property === undefined || value === undefined) return undefined;
    if (depth === path.length - 1) return { object, property };
    if (value.type !== "object") throw inTheWay(path.slice(0, depth + 1));
    object = value;
  }
  return undefined;
}

function rootOf(text: string): Node {
  const document = parseDocument(text);
  if (!document.ok) throw new UserError(`the file is broken: ${document.problem}; mend it by hand`);
  if (document.root.type !== "object") {
    throw new UserError("the file does not hold one object, { … }; mend it by hand");
  }
  return document.root;
}

const inTheWay = (path: KeyPath) =>
  new UserError(`${path.join(".")} in the file is not an object, { … }; mend it by hand`);

function insertion(
  text: string,
  object: Node,
  name: string,
  value: unknown,
  layout: Layout,
): readonly Edit[] {
  const last = object.children?.at(-1);
  const base = indentAt(text, object.offset);
  const inner = last === undefined ? undefined : indentIfFirst(text, last.offset);
  const indent = inner ?? base + layout.unit;
  const property = `${JSON.stringify(name)}: ${write(value, indent, layout)}`;
  if (last === undefined) return intoEmpty(text, object, property, { indent, base, layout });
  const comma = commaAfter(text, endOf(last));
  const { end } = restOfLine(text, comma ?? endOf(last));
  const severalLines = /[\r\n]/.test(text.slice(object.offset, endOf(object)));
  const before = severalLines ? layout.eol + indent : " ";
  const added = { from: end, to: end, text: before + property + (comma === undefined ? "" : ",") };
  if (comma !== undefined) return [added];
  // At one place the later of the two is put in first.
  return [added, { from: endOf(last), to: endOf(last), text: "," }];
}

function intoEmpty(
  text: string,
  object: Node,
  property: string,
  at: { readonly indent: string; readonly base: string; readonly layout: Layout },
): readonly Edit[] {
  const close = endOf(object) - 1;
  const { eol } = at.layout;
  const comments = lastCommentEnd(text, object.offset + 1, close) ?? object.offset + 1;
  const closing = eol + at.base;
  return [{ from: comments, to: close, text: eol + at.indent + property + closing }];
}

function removal(text: string, object: Node, property: Node): readonly Edit[] {
  const comma = commaAfter(text, endOf(property));
  const self = { from: property.offset, to: endOf(property), text: "" };
  if (comma !== undefined) {
    // A comment between the key and its comma stays.
    return tidied(text, self, { from: comma - 1, to: comma, text: "" });
  }
  const siblings = object.children ?? [];
  const before = siblings[siblings.indexOf(property) - 1];
  const earlier = before === undefined ? undefined : commaAfter(text, endOf(before));
  if (earlier === undefined) return tidied(text, self);
  if (/^[ \t]*$/.test(text.slice(earlier, self.from))) return [{ ...self, from: earlier - 1 }];
  return [{ from: earlier - 1, to: earlier, text: "" }, ...tidied(text, self)];
}

/** Takes the whole of each line with it that nothing is left on. */
function tidied(text: string, self: Edit, comma?: Edit): readonly Edit[] {
  const last = comma ?? self;
  const between = comma === undefined ? "" : text.slice(self.to, comma.from);
  const lineStart = startOfLine(text, self.from);
  const tail = /^[ \t]*/.exec(text.slice(last.to))?.[0].length ?? 0;
  const lineEnd = last.to + tail;
  const alone = text.slice(lineStart, self.from).trim() === "" && between.trim() === "";
  const newLine = /^(?:\r\n|\r|\n)/.exec(text.slice(lineEnd))?.[0] ?? "";
  if (alone && newLine !== "" && lineStart > 0) {
    return [{ from: lineStart, to: lineEnd + newLine.length, text: "" }];
  }
  // The space behind goes too, unless it parts what is left on both sides.
  const lead = text.slice(lineStart, self.from).trim() === "" && lineStart > 0;
  const space = newLine === "" && between === "" && (lead || comma !== undefined) ? tail : 0;
  const end = { ...last, to: last.to + space };
  return comma === undefined ? [end] : [self, end];
}

/** Just behind the comma that follows, comments and line ends in between. */
function commaAfter(text: string, from: number): number | undefined {
  const scanner = createScanner(withoutMark(text), true);
  scanner.setPosition(from);
  const kind: number = scanner.scan();
  return kind === Kind.comma ? scanner.getPosition() : undefined;
}

/** Behind the comments that end on this line; whether nothing else follows them on it. */
function restOfLine(text: string, from: number): { end: number; newLine: boolean } {
  const scanner = createScanner(withoutMark(text), false);
  scanner.setPosition(from);
  for (let end = from; ;) {
    const kind: number = scanner.scan();
    const lines = /[\r\n]/.test(
      text.slice(scanner.getTokenOffset(), scanner.getPosition()).slice(0, -1),
    );
    if (kind === Kind.lineComment || (kind === Kind.blockComment && !lines)) {
      end = scanner.getPosition();
    } else if (kind !== Kind.space) {
      return { end, newLine: kind === Kind.lineBreak };
    }
  }
}

function lastCommentEnd(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(withoutMark(text), false);
  scanner.setPosition(from);
  let end: number | undefined;
  while (scanner.getPosition() < to) {
    const kind: number = scanner.scan();
    if (kind === Kind.lineComment || kind === Kind.blockComment) end = scanner.getPosition();
  }
  return end;
}

/** Of jsonc-parser's `SyntaxKind`, a `const enum` that is not there at run time. */
const Kind = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, space: 15 } as const;

interface Layout {
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
}

function layoutOf(text: string): Layout {
  const eol = /\r\n|\n/.exec(text)?.[0] ?? "\n";
  return { eol, unit: /^([ \t]+)"/m.exec(text)?.[1] ?? "  " };
}

/** A value as people write it: short ones on one line, longer ones with a line for each entry. */
function write(value: unknown, indent: string, { eol, unit }: Layout): string {
  const lines = printable(JSON.stringify(value, undefined, unit));
  const short = lines.replaceAll(/\n[ \t]*/g, " ");
  if (typeof value !== "object" || short.length <= maxShort) return short;
  return lines.replaceAll("\n", eol + indent);
}

const maxShort = 60;

const endOf = (node: Node) => node.offset + node.length;

function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** The white space that the line of `offset` begins with. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(startOfLine(text, offset)))?.[0] ?? "";
}

/** The same, where nothing but white space stands before `offset` on its line. */
function indentIfFirst(text: string, offset: number): string | undefined {
  const before = text.slice(startOfLine(text, offset), offset);
  return before.trim() === "" && startOfLine(text, offset) > 0 ? before : undefined;
}

function apply(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from || b.to - a.to)
    .reduce((left, edit) => left.slice(0, edit.from) + edit.text + left.slice(edit.to), text);
}
