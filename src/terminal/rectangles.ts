import { CSI } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";
import { rowIn } from "./margins.ts";
import type { Control } from "./params.ts";

/** Which parameters of a rectangular operation are rows. */
interface Rows {
  readonly tops: readonly number[];
  readonly bottoms: readonly number[];
}

/** By intermediates and final byte: DECCRA, DECERA, DECSERA, DECFRA, DECCARA, DECRARA, DECRQCRA. */
const RECTANGLES: Readonly<Record<string, Rows>> = {
  $v: { tops: [0, 5], bottoms: [2] },
  $z: { tops: [0], bottoms: [2] },
  "${": { tops: [0], bottoms: [2] },
  $x: { tops: [1], bottoms: [3] },
  $r: { tops: [0], bottoms: [2] },
  $t: { tops: [0], bottoms: [2] },
  "*y": { tops: [2], bottoms: [4] },
  // DECEFR (filter rectangle of the locator).
  "'w": { tops: [0], bottoms: [2] },
};

/**
 * A rectangular operation with its rows shifted, or `undefined` when `control` is none. A missing
 * bottom is the child's last row, which is the terminal's.
 */
export function rectangle(control: Control, child: ChildScreen): string | undefined {
  const rows = RECTANGLES[control.intermediates + control.final];
  if (rows === undefined || control.prefix !== "") return undefined;
  const { region, origin, size, shift } = child;
  const params = [...control.params];
  const set = (index: number, row: number): void => {
    while (params.length < index) params.push(0);
    params[index] = row + shift;
  };
  for (const index of rows.tops) {
    // A top below the child's last row stays below the terminal's: both do nothing then.
    const top = Math.max(1, control.params[index] ?? 0);
    set(index, origin ? rowIn(region, origin, top, size) : top);
  }
  for (const index of rows.bottoms) {
    set(index, rowIn(region, origin, control.params[index] || size.rows, size));
  }
  return CSI + params.join(";") + control.intermediates + control.final;
}
