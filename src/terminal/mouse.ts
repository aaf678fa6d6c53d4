/** A click or drag that belongs to the pane: cells from 1, counted from the terminal's corner. */
export interface PaneMouse {
  readonly kind: "press" | "release" | "drag";
  /** 0 left, 1 middle, 2 right, 128 and up the extra buttons. An X10 release names none: 3. */
  readonly button: number;
  readonly x: number;
  /** May lie below the pane while a drag goes on. */
  readonly y: number;
}

/** One report: its button code (without the 32 of the byte and urxvt forms), SGR's release or not. */
export interface MouseReport {
  readonly code: number;
  readonly release: boolean;
}

/** Whose a report is; `nobody` for wheel and motion over the pane, where they mean nothing. */
export type MouseOwner = "child" | "pane" | "nobody";

/**
 * Decides whose a report is. The press decides: a drag begun in the child stays the child's until
 * its release wherever it goes, one begun in the pane never reaches the child.
 */
export class MouseOwners {
  readonly #pressed = new Map<number, "child" | "pane">();

  owner(report: MouseReport, inPane: boolean): MouseOwner {
    const button = buttonOf(report.code);
    const kind = mouseKind(report);
    if (kind === "press") {
      const here = inPane ? "pane" : "child";
      this.#pressed.set(button, here);
      return here;
    }
    const presser =
      kind === "drag"
        ? this.#pressed.get(button)
        : kind === "release"
          ? this.#release(button)
          : undefined;
    return presser ?? (inPane ? "nobody" : "child");
  }

  #release(button: number): "child" | "pane" | undefined {
    if (button !== NO_BUTTON) {
      const owner = this.#pressed.get(button);
      this.#pressed.delete(button);
      return owner;
    }
    // It ends whatever is pressed, and the child must never be left with a button held down.
    const owners = [...this.#pressed.values()];
    this.#pressed.clear();
    return owners.includes("child") ? "child" : owners[0];
  }
}

/** What a report says happened. */
export function mouseKind(report: MouseReport): PaneMouse["kind"] | "wheel" | "hover" {
  const button = buttonOf(report.code);
  if ((button & 0xc0) === 64) return "wheel";
  if ((report.code & 32) !== 0) return button === NO_BUTTON ? "hover" : "drag";
  return report.release || button === NO_BUTTON ? "release" : "press";
}

/** The button alone: without its modifiers (4, 8, 16) and the motion bit (32). */
export function buttonOf(code: number): number {
  return code & 0xc3;
}

/** In the byte forms a release, in all of them motion with nothing pressed. */
const NO_BUTTON = 3;
