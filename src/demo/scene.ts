import { graphemes, textWidth, truncate } from "../terminal/text.ts";
import type { Recording, Step } from "./recording.ts";

/** What the stand-in Codex shows at one moment, whatever the size of the terminal. */
export interface Scene {
  readonly header: string;
  readonly footer: string;
  /** What has happened, oldest first. */
  readonly cells: readonly { readonly id: string | undefined; readonly text: string }[];
  /** What stands in the composer. */
  readonly typing: string;
  readonly busy: string;
  readonly busySince: number;
  readonly ask: string;
  /** Ms after the start until which text is still appearing. */
  readonly appearsUntil: number;
}

/** A piece of a row with one look. */
export interface Span {
  readonly text: string;
  readonly look: Look;
}

export type Look = "plain" | "bold" | "dim" | "accent" | "good" | "bad";

export type Row = readonly Span[];

const emptyScene: Scene = {
  header: "",
  footer: "",
  cells: [],
  typing: "",
  busy: "",
  busySince: 0,
  ask: "",
  appearsUntil: 0,
};

/** The scene `elapsed` ms after the start. */
export function sceneAt(recording: Recording, elapsed: number): Scene {
  return recording.steps
    .filter((step) => step.at <= elapsed)
    .reduce((scene, step) => afterStep(scene, step, elapsed), emptyScene);
}

export interface Frame {
  /** As many as the terminal has, none wider than it. */
  readonly rows: readonly Row[];
  /** Counted from 1; hidden while a question is asked. */
  readonly cursor: { readonly row: number; readonly col: number } | undefined;
}

/** The scene as a frame of exactly this size. */
export function frameOf(
  scene: Scene,
  elapsed: number,
  size: { readonly rows: number; readonly cols: number },
): Frame {
  const drawn = (text: string): readonly Row[] => linesOf(text).flatMap((l) => wrap(l, size.cols));
  const spaced = (text: string): readonly Row[] => (text === "" ? [] : [...drawn(text), []]);
  const seconds = Math.floor((elapsed - scene.busySince) / 1000);
  const busy = `• ${scene.busy} (${seconds}s • esc to interrupt)`;
  const footer = [[], [{ text: truncate(`  ${scene.footer}`, size.cols), look: "dim" as const }]];
  const bottom = [
    ...(scene.busy === "" || scene.ask !== "" ? [] : spaced(busy)),
    ...(scene.ask === "" ? drawn(`› ${scene.typing || placeholder}`) : drawn(scene.ask)),
    ...footer,
  ].slice(-size.rows);
  const room = size.rows - bottom.length;
  const story = [[], ...spaced(scene.header), ...scene.cells.flatMap((cell) => spaced(cell.text))];
  // Row 1 stays empty until the story is taller than the screen; then its end is shown.
  const top = room === 0 ? [] : story.slice(-room);
  const gap = Array.from({ length: room - top.length }, (): Row => []);
  const rows = [...top, ...gap, ...bottom];
  const row = size.rows - footer.length;
  const typed = scene.typing === "" ? 2 : widthOf(rows[row - 1] ?? []);
  const cursor = { row, col: Math.min(typed + 1, size.cols) };
  return { rows, cursor: scene.ask === "" && row > 0 ? cursor : undefined };
}

const placeholder = "Ask Codex to do anything";

function afterStep(scene: Scene, step: Step, elapsed: number): Scene {
  if (step.type !== "screen") return scene;
  const { show, at, over } = step;
  const text = over === 0 ? step.text : appeared(step.text, (elapsed - at) / over);
  const appearsUntil = Math.max(scene.appearsUntil, at + over);
  if (show === "cell")
    return { ...scene, appearsUntil, cells: withCell(scene.cells, step.id, text) };
  const busySince = show === "busy" && scene.busy === "" ? at : scene.busySince;
  return { ...scene, appearsUntil, busySince, [show]: text };
}

function withCell(cells: Scene["cells"], id: string | undefined, text: string): Scene["cells"] {
  const at = id === undefined ? -1 : cells.findIndex((cell) => cell.id === id);
  return at < 0 ? [...cells, { id, text }] : cells.with(at, { id, text });
}

function appeared(text: string, share: number): string {
  const all = graphemes(text);
  return all.slice(0, Math.floor(all.length * share)).join("");
}

/** How Codex sets off the parts of a line; the first that matches counts. */
const looks: readonly (readonly [RegExp, readonly Look[]])[] = [
  [/^(• )(Running|Ran|Exploring|Explored|Edited|Added)( .*)?$/, ["dim", "bold", "plain"]],
  [/^(• )(.+)( \(\d+s • esc to interrupt\))$/, ["dim", "plain", "dim"]],
  [/^(• )(.*)$/, ["dim", "plain"]],
  [/^(✔ )(.*)$/, ["good", "plain"]],
  [/^(› )(\d\. .*)$/, ["accent", "accent"]],
  [/^(› )(Ask Codex to do anything)$/, ["bold", "dim"]],
  [/^(› )(.*)$/, ["bold", "plain"]],
  [/^(>_ )(\S+ \S+)( .*)?$/, ["accent", "bold", "dim"]],
  [/^(\s*\d+ )(\+.*)$/, ["dim", "good"]],
  [/^(\s*\d+ )(-.*)$/, ["dim", "bad"]],
  [/^(\s*[│└] )(.*)$/, ["dim", "dim"]],
  [/^(\s{2,}.*)$/, ["dim"]],
  [/^(Would you like .*)$/, ["bold"]],
];

function linesOf(text: string): readonly Row[] {
  return text.split("\n").map((line): Row => {
    for (const [pattern, spanLooks] of looks) {
      const match = pattern.exec(line);
      if (match === null) continue;
      return spanLooks.map((look, i) => ({ text: match[i + 1] ?? "", look }));
    }
    return [{ text: line, look: "plain" }];
  });
}

/** Breaks a line at spaces, or within a word that is wider than a row; indents what follows. */
function wrap(line: Row, cols: number): readonly Row[] {
  const whole = line.map((span) => span.text).join("");
  const indent = Math.min(/^[ •›✔>│└_]*/.exec(whole)?.[0].length ?? 0, Math.floor(cols / 3));
  const rows: Span[][] = [[]];
  let width = 0;
  const put = (text: string, look: Look): void => {
    const row = rows.at(-1) ?? [];
    const last = row.at(-1);
    if (last?.look === look) row[row.length - 1] = { text: last.text + text, look };
    else row.push({ text, look });
    width += textWidth(text);
  };
  const startRow = (): void => {
    rows.push([]);
    width = 0;
    put(" ".repeat(indent), "plain");
  };
  for (const { text, look } of line) {
    for (const word of text.match(/ +|[^ ]+/g) ?? []) {
      const room = cols - width - textWidth(word);
      if (room < 0 && word.startsWith(" ")) continue;
      if (room < 0 && width > indent && textWidth(word) <= cols - indent) startRow();
      for (const grapheme of graphemes(word)) {
        if (textWidth(grapheme) > cols - indent) continue;
        if (width + textWidth(grapheme) > cols) startRow();
        put(grapheme, look);
      }
    }
  }
  return rows;
}

function widthOf(row: Row): number {
  return row.reduce((width, span) => width + textWidth(span.text), 0);
}
