import {
  IRM,
  MODE,
  OSC8_END,
  SCS_G0_ASCII,
  SI,
  cup,
  decrst,
  decset,
  el,
  rm,
  sgr,
  sm,
} from "./ansi.ts";

/** What the child may have left that bends whatever is written next. */
export interface Bent {
  readonly cursorShown: boolean;
  readonly autowrap: boolean;
  readonly insert: boolean;
  /** DECLRMM with its margins set again (which homes the cursor), or empty. */
  readonly columns: string;
  /** Back to the child's charsets, or empty while text is plain. */
  readonly charset: string;
  /** The sequence that opened the hyperlink that is still open, or empty. */
  readonly link: string;
  /** The child holds a frame open itself (?2026). */
  readonly inFrame: boolean;
}

/**
 * `content` between what neutralises the child's state and what gives it back. `content` leaves the
 * cursor where the child has it; SGR and autowrap are restored by `after`, its last part.
 */
export function neutral(bent: Bent, content: string, cursor: string): string {
  return [
    bent.inFrame ? "" : decset(MODE.SYNC),
    bent.cursorShown ? decrst(MODE.DECTCEM) : "",
    bent.link === "" ? "" : OSC8_END,
    bent.charset === "" ? "" : SI + SCS_G0_ASCII,
    bent.insert ? rm(IRM) : "",
    bent.columns === "" ? "" : decrst(MODE.DECLRMM),
    bent.autowrap ? decrst(MODE.DECAWM) : "",
    content,
    bent.autowrap ? decset(MODE.DECAWM) : "",
    bent.columns,
    cursor,
    bent.insert ? sm(IRM) : "",
    bent.charset,
    bent.link,
    bent.cursorShown ? decset(MODE.DECTCEM) : "",
    bent.inFrame ? "" : decrst(MODE.SYNC),
  ].join("");
}

/** The pane's rows from the first row down, each erased before it is written. */
export function paneText(rows: readonly string[], height: number): string {
  let text = "";
  for (let row = 1; row <= height; row++) {
    text += cup(row) + sgr() + el() + (rows[row - 1] ?? "");
  }
  return text;
}
