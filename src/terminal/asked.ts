import type { ChildScreen } from "./child-screen.ts";
import type { Control } from "./params.ts";
import type { Queries, QueryKind } from "./queries.ts";

/** By prefix, intermediates and final byte, then by the first parameter where several share them. */
const QUERIES: Readonly<Record<string, QueryKind | Readonly<Record<number, QueryKind>>>> = {
  n: { 6: "cpr" },
  "?n": { 6: "decxcpr" },
  t: { 14: "sizePixels", 15: "screenPixels", 16: "cellPixels", 18: "sizeCells", 19: "screenCells" },
  $w: { 1: "cursorInfo" },
  $p: "decrqm",
  "?$p": "decrqm",
  c: { 0: "da1" },
};

/**
 * Registers what the child asks. The answer's rows are to be lessened by the rows above the child:
 * for a position those that stand there now (and, under DECOM, those above its region), for a size
 * always the pane's, since the child's pty has that size from the start.
 *
 * @returns what was asked, if anything was
 */
export function register(
  queries: Queries,
  child: ChildScreen,
  control: Control,
): QueryKind | undefined {
  const found = QUERIES[control.prefix + control.intermediates + control.final];
  if (found === undefined) return undefined;
  const kind = typeof found === "string" ? found : found[control.params[0] ?? 0];
  if (kind !== undefined) queries.asked(kind, shiftOf(kind, child));
  return kind;
}

/** How many rows to take off an answer of this kind. */
export function shiftOf(kind: QueryKind, child: ChildScreen): number {
  switch (kind) {
    case "cpr":
    case "decxcpr":
      return child.shift + (child.origin ? child.region.top - 1 : 0);
    case "margins":
    case "cursorInfo":
      return child.shift;
    case "sizePixels":
    case "screenPixels":
    case "cellPixels":
    case "sizeCells":
    case "screenCells":
      return child.paneRows;
    case "decrqm":
    case "da1":
      return 0;
    default:
      return kind satisfies never;
  }
}
