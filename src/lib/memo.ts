/** Longer texts are not worth the room. */
const maxLength = 4096;

/**
 * The same function with its last answers kept: facts and folders are asked about again at every
 * event and hardly change. Emptied when full, so it stays small whatever passes through.
 */
export function memo<Result>(
  answer: (text: string) => Result,
  max: number = 512,
): (text: string) => Result {
  const known = new Map<string, { readonly result: Result }>();
  return (text) => {
    if (text.length > maxLength) return answer(text);
    const before = known.get(text);
    if (before !== undefined) return before.result;
    const result = answer(text);
    if (known.size >= max) known.clear();
    known.set(text, { result });
    return result;
  };
}

/** Whether both hold the same things in the same order: by identity, not by what is in them. */
export function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
