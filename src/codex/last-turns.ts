/** The finding of text in bytes, as `Buffer` has it. */
interface Searched {
  readonly length: number;
  lastIndexOf(text: string, from?: number): number;
}

const started = '"type":"task_started"';
const counted = '"type":"token_count"';

/**
 * How many bytes at the end of a rollout tell its state: the turn that goes on or was the last, and
 * those back to the last count of tokens. What is before them are older turns, whose every line
 * would be read for nothing.
 *
 * @param end the last bytes of a rollout
 * @param uncounted whether a count of tokens is not worth looking further up
 * @returns `undefined` when it takes more than these
 */
export function lastTurns(end: Searched, uncounted: boolean): number | undefined {
  const last = end.lastIndexOf(started);
  const count = end.lastIndexOf(counted);
  if (last < 0 || (count < 0 && !uncounted)) return undefined;
  const first = count < 0 || count > last ? last : end.lastIndexOf(started, count);
  const line = first < 0 ? -1 : end.lastIndexOf("\n", first);
  return line < 0 ? undefined : end.length - line - 1;
}
