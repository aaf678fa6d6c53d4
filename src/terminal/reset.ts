import { MODE, decrst, decscusr, decset, decstbm, kittyPop, modifyOtherKeys, sgr } from "./ansi.ts";

/**
 * Puts back everything a full-screen program may have changed, without knowing what it was: the
 * last resort where `Split.leave` failed. The alternate screen goes before the main one's modes.
 */
export const resetTerminal: string = [
  decrst(MODE.SYNC),
  kittyPop(2),
  decstbm(),
  decrst(MODE.ALT_1049),
  kittyPop(2),
  modifyOtherKeys(0),
  ...[MODE.MOUSE_SGR, MODE.MOUSE_ANY, MODE.MOUSE_BUTTON, MODE.MOUSE_NORMAL].map(decrst),
  ...[MODE.ALTERNATE_SCROLL, MODE.BRACKETED_PASTE, MODE.FOCUS].map(decrst),
  decscusr(0),
  decset(MODE.DECTCEM),
  sgr(),
].join("");
