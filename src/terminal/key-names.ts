/**
 * A key as a program thinks of it: the character typed ("q", "?", "é"), or a name ("enter", "up").
 * Shift is told only where the character does not tell it.
 */
export interface Key {
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** Cells from 1. A wheel's button is the direction it turned in. */
export interface MouseInput {
  readonly kind: "press" | "release" | "drag" | "move" | "wheel";
  readonly button: "left" | "middle" | "right" | "up" | "down" | "none";
  readonly x: number;
  readonly y: number;
}

export type Input =
  | { readonly type: "key"; readonly key: Key }
  | { readonly type: "mouse"; readonly mouse: MouseInput };

export function keyInput(name: string, mods: Partial<Omit<Key, "name">> = {}): Input {
  return { type: "key", key: { name, ctrl: false, alt: false, shift: false, ...mods } };
}

/** A character of its own: a control character is the key that makes it. */
export function typed(character: string, alt: boolean): readonly Input[] {
  const code = character.codePointAt(0) ?? 0;
  const name = controlNames.get(code);
  if (name !== undefined) return [keyInput(name, { alt })];
  if (code === 0) return [keyInput("space", { ctrl: true, alt })];
  if (code < 27) return [keyInput(String.fromCodePoint(code + 96), { ctrl: true, alt })];
  if (code < 32 || (code >= 128 && code < 160)) return [];
  return [keyInput(character === " " ? "space" : character, { alt })];
}

const controlNames: ReadonlyMap<number, string> = new Map([
  [8, "backspace"],
  [9, "tab"],
  [10, "enter"],
  [13, "enter"],
  [27, "escape"],
  [127, "backspace"],
]);

export function controlSequence(params: string, final: string): readonly Input[] {
  if (params.startsWith("<")) return sgrMouse(params.slice(1), final);
  if (!/^[\d;:]*$/.test(params)) return [];
  if (final === "u") return unicodeKey(params);
  if (final !== "~") return finalKey(final, params);
  const [number, , code] = fieldsOf(params);
  // modifyOtherKeys: 27 ; modifiers ; code.
  if (number === 27) return code === undefined ? [] : byCode(code, modifiersOf(params));
  const name = numbered.get(number ?? 0);
  return name === undefined || isRelease(params) ? [] : [keyInput(name, modifiersOf(params))];
}

/** CSI-u: code[:shifted[:base]] ; modifiers[:event] ; text. */
function unicodeKey(params: string): readonly Input[] {
  const [code] = fieldsOf(params);
  if (code === undefined || isRelease(params)) return [];
  const shifted = Number(params.split(";")[0]?.split(":")[1] ?? "");
  const mods = modifiersOf(params);
  if (mods.shift && shifted > 0) return byCode(shifted, { ...mods, shift: false });
  return byCode(code, mods);
}

function byCode(code: number, mods: Omit<Key, "name">): readonly Input[] {
  const name = controlNames.get(code) ?? functional.get(code);
  if (name !== undefined) return [keyInput(name, mods)];
  if (code < 32 || code > 0x10_ffff || (code >= 57_344 && code <= 63_743)) return [];
  const character = String.fromCodePoint(code);
  if (mods.shift && character.toUpperCase() !== character) {
    return [keyInput(character.toUpperCase(), { ...mods, shift: false })];
  }
  return [keyInput(character === " " ? "space" : character, mods)];
}

/** Keys that end in a letter, after CSI or SS3. */
export function finalKey(final: string, params: string): readonly Input[] {
  const name = lettered.get(final);
  if (name === undefined || isRelease(params)) return [];
  const mods = modifiersOf(params);
  return [
    keyInput(
      name === "backtab" ? "tab" : name,
      name === "backtab" ? { ...mods, shift: true } : mods,
    ),
  ];
}

function fieldsOf(params: string): readonly (number | undefined)[] {
  return params.split(";").map((field) => {
    const number = Number.parseInt(field, 10);
    return Number.isNaN(number) ? undefined : number;
  });
}

/** The second field is one more than the sum of 1 shift, 2 alt, 4 ctrl. */
function modifiersOf(params: string): Omit<Key, "name"> {
  const bits = Math.max(0, (fieldsOf(params)[1] ?? 1) - 1);
  return { shift: (bits & 1) !== 0, alt: (bits & 2) !== 0, ctrl: (bits & 4) !== 0 };
}

function isRelease(params: string): boolean {
  return params.split(";")[1]?.split(":")[1] === "3";
}

const lettered: ReadonlyMap<string, string> = new Map([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["F", "end"],
  ["H", "home"],
  ["M", "enter"],
  ["Z", "backtab"],
]);

const numbered: ReadonlyMap<number, string> = new Map([
  [1, "home"],
  [2, "insert"],
  [3, "delete"],
  [4, "end"],
  [5, "pageUp"],
  [6, "pageDown"],
  [7, "home"],
  [8, "end"],
]);

/** Keys of the keypad in kitty's private area. */
const functional: ReadonlyMap<number, string> = new Map([
  [57_414, "enter"],
  [57_417, "left"],
  [57_418, "right"],
  [57_419, "up"],
  [57_420, "down"],
  [57_421, "pageUp"],
  [57_422, "pageDown"],
  [57_423, "home"],
  [57_424, "end"],
]);

function sgrMouse(params: string, final: string): readonly Input[] {
  const [code, x, y] = fieldsOf(params);
  if (code === undefined || x === undefined || y === undefined) return [];
  if (final !== "M" && final !== "m") return [];
  return mouse(code, x, y, final === "m");
}

export function x10Mouse(report: string): readonly Input[] {
  const [code, x, y] = Array.from(report, (character) => (character.codePointAt(0) ?? 0) - 32);
  return mouse(code ?? 0, x ?? 0, y ?? 0, ((code ?? 0) & 3) === 3 && (code ?? 0) < 32);
}

function mouse(code: number, x: number, y: number, release: boolean): readonly Input[] {
  if (x < 1 || y < 1) return [];
  const low = code & 3;
  if ((code & 64) !== 0) {
    return low > 1
      ? []
      : [{ type: "mouse", mouse: { kind: "wheel", button: low === 0 ? "up" : "down", x, y } }];
  }
  const button = (["left", "middle", "right", "none"] as const)[low] ?? "none";
  const moving = (code & 32) !== 0;
  const kind = moving ? (button === "none" ? "move" : "drag") : release ? "release" : "press";
  return [{ type: "mouse", mouse: { kind, button, x, y } }];
}
