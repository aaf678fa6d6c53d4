/** What a template can name. */
export const variables = [
  "activity",
  "target",
  "project",
  "branch",
  "model",
  "effort",
  "tokens",
  "context",
  "quota",
  "cost",
  "plan",
  "elapsed",
  "sessions",
  "title",
] as const;

export type Variable = (typeof variables)[number];

/** The values of a card; a variable that is absent is empty. */
export type Values = Readonly<Partial<Record<Variable, string | undefined>>>;

export type Node =
  | { readonly kind: "text"; readonly text: string }
  /** Punctuation between two parts, gone with either. */
  | { readonly kind: "separator"; readonly text: string }
  | { readonly kind: "variable"; readonly name: Variable }
  /** Shown when everything in it is known. */
  | { readonly kind: "group"; readonly nodes: readonly Node[] };

export interface Template {
  readonly nodes: readonly Node[];
  /** What the person who wrote it should know; the template works all the same. */
  readonly problems: readonly string[];
}

const maxTemplate = 512;
const maxDepth = 8;
const separators = /\s*[·•|⋅∙]\s*|\s+[-–—/:,;&+]\s+|[,;]\s+/g;

/**
 * Reads a template: `{variable}`, `[optional part]`, `\` before a character that is meant as such.
 * Every text is a template: an unknown variable is empty and an odd bracket is text, both named in
 * `problems`. Brackets around no variable are text too.
 */
export function parseTemplate(given: string): Template {
  const problems: string[] = [];
  const source = given.slice(0, maxTemplate);
  const open: Node[][] = [[]];
  const add = (...nodes: readonly Node[]): void => void open.at(-1)?.push(...nodes);
  let text = "";
  const flush = (): void => {
    add(...split(text));
    text = "";
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? "";
    const closing = char === "{" ? source.indexOf("}", at) : -1;
    if (char === "\\" && at + 1 < source.length) {
      at += 1;
      text += source[at] ?? "";
    } else if (closing !== -1) {
      flush();
      add(...variableNamed(source.slice(at + 1, closing), problems));
      at = closing;
    } else if (char === "[" && open.length <= maxDepth) {
      flush();
      open.push([]);
    } else if (char === "]" && open.length > 1) {
      flush();
      const nodes = open.pop() ?? [];
      add(...(hasVariable(nodes) ? [{ kind: "group", nodes } as const] : literally(nodes)));
    } else {
      if ("{}[]".includes(char)) problems.push(`"${char}" has no counterpart`);
      text += char;
    }
  }
  flush();
  while (open.length > 1) {
    problems.push('"[" has no counterpart');
    const nodes = open.pop() ?? [];
    add({ kind: "text", text: "[" }, ...nodes);
  }
  return { nodes: open[0] ?? [], problems };
}

function variableNamed(name: string, problems: string[]): readonly Node[] {
  const key = name.trim().toLowerCase();
  const known = variables.find((one) => one === key);
  if (known !== undefined) return [{ kind: "variable", name: known }];
  problems.push(`{${name.slice(0, 32)}} is not known; there is ${variables.join(", ")}`);
  return [];
}

function literally(nodes: readonly Node[]): readonly Node[] {
  return [{ kind: "text", text: "[" }, ...nodes, { kind: "text", text: "]" }];
}

export function hasVariable(nodes: readonly Node[]): boolean {
  return nodes.some(
    (node) => node.kind === "variable" || (node.kind === "group" && hasVariable(node.nodes)),
  );
}

/** Text with the separators in it set apart. */
function split(text: string): readonly Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const match of text.matchAll(separators)) {
    if (match.index > from) nodes.push({ kind: "text", text: text.slice(from, match.index) });
    nodes.push({ kind: "separator", text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push({ kind: "text", text: text.slice(from) });
  return nodes;
}
