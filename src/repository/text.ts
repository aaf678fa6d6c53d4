const maxName = 100;

/**
 * A name that somebody else chose, fit to be shown: nothing invisible, one line, at most 100
 * characters. `undefined` when nothing of it is left.
 */
export function cleanName(name: string): string | undefined {
  const clean = name
    .slice(0, 16 * maxName)
    // @guard name-unseen
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const characters = Array.from(clean);
  if (characters.length === 0) return undefined;
  // @guard name-length
  return characters.length <= maxName ? clean : `${characters.slice(0, maxName - 1).join("")}…`;
}
