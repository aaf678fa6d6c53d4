import { hasVariable, type Node, type Template, type Values, type Variable } from "./template.ts";

/** From what is dropped first when a line is too long to what stays longest. */
const importance: Readonly<Record<Variable, number>> = {
  elapsed: 1,
  plan: 2,
  sessions: 3,
  cost: 4,
  quota: 5,
  context: 6,
  tokens: 7,
  effort: 8,
  title: 9,
  branch: 10,
  model: 11,
  target: 12,
  project: 13,
  activity: 14,
};
/** What the person wrote is more to them than any value. */
const ofText = 15;

/** What a node came to: shown text, with the group it is in and how much it matters. */
interface Piece {
  readonly kind: "text" | "value" | "separator";
  readonly text: string;
  readonly weight: number;
  readonly groups: readonly Node[];
}

type Part = readonly Piece[];

/**
 * A template filled in: empty parts are gone together with the separators beside them, and while
 * the line is longer than `max` UTF-16 units it loses its least important part. What cannot get
 * shorter that way is left too long, for the cut.
 */
export function fillLine(template: Template, values: Values, max: number): string {
  let pieces: readonly Piece[] = template.nodes.flatMap((node) => piecesOf(node, values, []));
  let line = joined(pieces);
  while (line.length > max) {
    const shorter = withoutLeast(pieces);
    if (shorter === undefined) return line;
    pieces = shorter;
    line = joined(pieces);
  }
  return line;
}

function piecesOf(node: Node, values: Values, groups: readonly Node[]): readonly Piece[] {
  if (node.kind === "group") {
    const inside = [...groups, node];
    return isFilled(node.nodes, values)
      ? node.nodes.flatMap((inner) => piecesOf(inner, values, inside))
      : [];
  }
  if (node.kind === "variable") {
    const { name } = node;
    return [{ kind: "value", text: values[name] ?? "", weight: importance[name], groups }];
  }
  return [{ kind: node.kind, text: node.text, weight: ofText, groups }];
}

/** All its own variables have values; where it has none, one of the groups in it is shown. */
function isFilled(nodes: readonly Node[], values: Values): boolean {
  const own = nodes.filter((node) => node.kind === "variable");
  if (own.length > 0) return own.every((node) => (values[node.name] ?? "") !== "");
  return nodes.some(
    (node) => node.kind === "group" && hasVariable(node.nodes) && isFilled(node.nodes, values),
  );
}

/** Between separators; a part all of whose variables are empty says nothing. */
function parts(
  pieces: readonly Piece[],
): readonly { readonly before: string; readonly part: Part }[] {
  const found: { before: string; part: Piece[] }[] = [{ before: "", part: [] }];
  for (const piece of pieces) {
    if (piece.kind === "separator") found.push({ before: piece.text, part: [] });
    else found.at(-1)?.part.push(piece);
  }
  return found.filter(({ part }) => {
    const valued = part.filter((piece) => piece.kind === "value");
    const says = valued.length === 0 ? part : valued;
    return says.some((piece) => piece.text.trim() !== "");
  });
}

function joined(pieces: readonly Piece[]): string {
  return parts(pieces)
    .map(({ before, part }, index) => {
      const text = part.map((piece) => piece.text).join("");
      return index === 0 ? text : `${before}${text.trim()}`;
    })
    .join("")
    .replaceAll(/\s{2,}/g, " ")
    .trim();
}

/** The pieces without the least important part or group; `undefined` when only one part is left. */
function withoutLeast(pieces: readonly Piece[]): readonly Piece[] | undefined {
  const whole = parts(pieces).map(({ part }) => part);
  const groups = [...new Set(pieces.flatMap((piece) => piece.groups))].map((group) =>
    pieces.filter((piece) => piece.groups.includes(group)),
  );
  const shown = pieces.filter((piece) => piece.kind !== "separator" && piece.text !== "");
  const candidates = [...(whole.length > 1 ? whole : []), ...groups].filter((candidate) =>
    shown.some((piece) => !candidate.includes(piece)),
  );
  const [least] = candidates
    .map((candidate, index) => ({ candidate, index, weight: weightOf(candidate) }))
    .toSorted((a, b) => a.weight - b.weight || b.index - a.index);
  if (least === undefined) return undefined;
  const gone = new Set(least.candidate);
  return pieces.filter((piece) => !gone.has(piece));
}

function weightOf(part: Part): number {
  const values = part.filter((piece) => piece.kind === "value" && piece.text !== "");
  return values.length === 0 ? ofText : Math.max(...values.map((piece) => piece.weight));
}
