/** Names that may be shown for what a tool works on. Untrusted text, so short and of one line. */

const maxTarget = 64;
const maxText = 65_536;

/** A name to show, control characters taken out; nothing when none is left. */
export function targetOf(text: string | undefined): { readonly target?: string } {
  const target = text?.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").slice(0, maxTarget);
  return target === undefined || target === "" ? {} : { target };
}

/** The last part of a path of either kind. */
export function baseNameOf(path: string | undefined): { readonly target?: string } {
  const parts = path?.slice(-maxText).replaceAll("\\", "/").split("/");
  return targetOf(parts?.findLast((part) => part !== ""));
}

/** The first file that a patch in Codex's format names. */
export function patchedFile(patch: string): string | undefined {
  const line = /\*\*\* (?:Update|Add|Delete) File: ([^\n\\"'`]{1,4096})/;
  return line.exec(patch.slice(0, maxText))?.[1]?.trim();
}
