import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";

/** A parsed config file, with where everything stands in it; or the line and kind of its mistake. */
export type Document =
  | { readonly ok: true; readonly root: Node; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/** Parses JSON with comments, trailing commas and a byte-order mark. Never throws. */
export function parseDocument(text: string): Document {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(withoutMark(text), errors, { allowTrailingComma: true });
    const [error] = errors;
    if (error !== undefined) {
      const problem = `line ${lineOf(text, error.offset)}: ${printParseErrorCode(error.error)}`;
      return { ok: false, problem };
    }
    if (root === undefined) return { ok: false, problem: "it is empty" };
    return { ok: true, root, value: getNodeValue(root) };
  } catch {
    return { ok: false, problem: "it is nested too deeply" }; // Lost: nothing; the stack ran out.
  }
}

/** As long as before, so that every offset holds. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, " ");

/** From 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}

/** The last property of that name, which is the one that counts where a name stands twice. */
export function propertyOf(object: Node, name: string): Node | undefined {
  return object.children?.findLast((property) => property.children?.[0]?.value === name);
}
