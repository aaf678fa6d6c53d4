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
