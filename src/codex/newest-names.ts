/**
 * The last `max` names that are wanted, last first: most of a hundred thousand are neither put in
 * order nor taken apart.
 */
export function newestNames(
  names: readonly string[],
  max: number,
  isWanted: (name: string) => boolean,
): readonly string[] {
  let newest: string[] = [];
  let least = "";
  const cut = (): void => {
    newest = newest.toSorted().toReversed().slice(0, max);
    least = newest.length < max ? "" : (newest.at(-1) ?? "");
  };
  for (const name of names) {
    if (name <= least || !isWanted(name)) continue;
    newest.push(name);
    if (newest.length >= 2 * max) cut();
  }
  cut();
  return newest;
}

/**
 * How long a folder with so many names rests after it was listed (ms), whatever changes in it: of a
 * few thousand not at all, of a hundred thousand five seconds, as a listing takes a fiftieth of it.
 */
export function restAfter(names: number): number {
  return names < 5000 ? 0 : names / 20;
}
