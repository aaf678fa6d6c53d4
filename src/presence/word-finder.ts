/** Where words stand in a text: for each character whether it is part of one. */
export type WordFinder = (text: string) => ReadonlySet<number>;

/**
 * Finds any number of words at once, wherever they begin and also where they overlap. The time goes
 * by the text and by how many different lengths the words have (128 at most), not by their number.
 *
 * @param words none of them empty; they and the texts are compared as they are
 */
export function wordFinder(words: readonly string[]): WordFinder {
  const byLength = new Map<number, Set<string>>();
  for (const word of words) {
    const alike = byLength.get(word.length) ?? new Set();
    byLength.set(word.length, alike.add(word));
  }
  return (text) => {
    const found = new Set<number>();
    for (const [length, alike] of byLength) {
      for (let at = 0; at + length <= text.length; at += 1) {
        if (!alike.has(text.slice(at, at + length))) continue;
        for (let i = at; i < at + length; i += 1) found.add(i);
      }
    }
    return found;
  };
}
