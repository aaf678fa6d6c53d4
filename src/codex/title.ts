import type { TitleHint } from "../session/event.ts";

/** The OSCs that set the window title: icon and title, title. */
export const titleCodes: readonly number[] = [0, 2];

/** Ten braille frames, first in the title, when the user's title has the "activity" item. */
const spinner = /^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏](?: |$)/;
/** Blinks once a second while an approval or a question waits. */
const attention = /^\[ [!.] \] Action Required(?: |$)/;

/**
 * What a window title tells of a Codex that reports no program status (before 0.161): a spinner
 * turns while it works. An empty title (Codex leaves) tells nothing.
 */
export function readTitle(title: string): TitleHint | undefined {
  if (title === "") return undefined;
  if (attention.test(title)) return "attention";
  return spinner.test(title) ? "busy" : "quiet";
}
