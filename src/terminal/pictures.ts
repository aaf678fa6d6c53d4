/**
 * Whether a command of the kitty graphics protocol moves the cursor: one that shows a picture does,
 * unless it forbids it (`C=1`), as Codex does.
 *
 * The parts of a large picture have its keys in the first one alone.
 *
 * @see https://sw.kovidgoyal.net/kitty/graphics-protocol/#controlling-displayed-image-layout
 */
export function pictureMoves(content: string): boolean {
  const [, keys = ""] = /^G([^;]*)/.exec(content) ?? [];
  return /(?:^|,)a=[Tp]/.test(keys) && !/(?:^|,)C=1(?:,|$)/.test(keys);
}
