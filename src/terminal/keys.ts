import { BEL, ESC } from "./ansi.ts";
import { controlSequence, finalKey, type Input, keyInput, typed, x10Mouse } from "./key-names.ts";

/**
 * Reads what a person types and clicks: legacy and CSI-u (kitty, `modifyOtherKeys`) keys, SGR and
 * X10 mouse reports. Pasted text and the terminal's answers are passed over, and nothing is kept of
 * them, however long they are.
 *
 * @see https://sw.kovidgoyal.net/kitty/keyboard-protocol/
 */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #state: State = "ground";
  /** What came of an unfinished sequence, after its introducer. */
  #held = "";

  /** A lone ESC is waiting: it is the key itself unless something follows at once. */
  get pending(): boolean {
    return this.#state === "escape" || this.#state === "stringEnd";
  }

  feed(chunk: Uint8Array): readonly Input[] {
    const found: Input[] = [];
    for (const character of this.#decoder.decode(chunk, { stream: true })) {
      this.#take(character, found);
    }
    return found;
  }

  /** Nothing followed for a while (some 50 ms): a waiting ESC was the key. */
  flush(): readonly Input[] {
    if (!this.pending) return [];
    this.#to("ground");
    return [keyInput("escape")];
  }

  #take(character: string, found: Input[]): void {
    switch (this.#state) {
      case "ground":
        if (character === ESC) this.#to("escape");
        else found.push(...typed(character, false));
        return;
      case "escape":
        return this.#afterEscape(character, found);
      case "csi":
        return this.#inCsi(character, found);
      case "ss3":
        this.#to(character === ESC ? "escape" : "ground");
        found.push(...finalKey(character, ""));
        return;
      case "x10":
        this.#held += character;
        if (this.#held.length < 3) return;
        found.push(...x10Mouse(this.#held));
        return this.#to("ground");
      case "string":
        return this.#inString(character, found);
      case "stringEnd":
        if (character === "\\") return this.#to("ground");
        this.#to("escape");
        return this.#afterEscape(character, found);
      case "paste":
        if (character === ESC) this.#to("pasteEnd");
        return;
      case "pasteEnd":
        return this.#inPasteEnd(character);
    }
  }

  #afterEscape(character: string, found: Input[]): void {
    if (character === "[") return this.#to("csi");
    if (character === "O") return this.#to("ss3");
    if ("]P_^X".includes(character)) return this.#to("string");
    if (character === ESC) {
      found.push(keyInput("escape"));
      return;
    }
    this.#to("ground");
    found.push(...typed(character, true));
  }

  #inCsi(character: string, found: Input[]): void {
    if (character === ESC) return this.#to("escape");
    if (character < " ") return this.#restart(character, found);
    if (character === "M" && this.#held === "") return this.#to("x10");
    if (!/[@-~]/.test(character)) {
      // No report is this long; the rest of it is passed over.
      if (this.#held.length < MAX_SEQUENCE) this.#held += character;
      return;
    }
    const params = this.#held;
    if (character === "~" && params === "200") return this.#to("paste");
    this.#to("ground");
    if (params.length < MAX_SEQUENCE) found.push(...controlSequence(params, character));
  }

  /** An answer of the terminal; a control character is none of it but a key, so nobody is locked out. */
  #inString(character: string, found: Input[]): void {
    if (character === BEL || character === STRING_END) return this.#to("ground");
    if (character === ESC) return this.#to("stringEnd");
    if (character < " ") this.#restart(character, found);
  }

  #restart(character: string, found: Input[]): void {
    this.#to("ground");
    found.push(...typed(character, false));
  }

  #inPasteEnd(character: string): void {
    if (character === ESC) return this.#to("pasteEnd");
    this.#held += character;
    if (this.#held === PASTE_END) this.#to("ground");
    else if (!PASTE_END.startsWith(this.#held)) this.#to("paste");
  }

  #to(state: State): void {
    this.#state = state;
    this.#held = "";
  }
}

type State =
  | "ground"
  | "escape"
  | "csi"
  | "ss3"
  | "x10"
  | "string"
  | "stringEnd"
  | "paste"
  | "pasteEnd";

const MAX_SEQUENCE = 64;
const PASTE_END = "[201~";
/** The C1 form of ST. */
const STRING_END = "\u009c";
