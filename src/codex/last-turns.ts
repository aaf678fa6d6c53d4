/** The finding of text in bytes, as `Buffer` has it. */
interface Searched {
  readonly length: number;
  lastIndexOf(text: string, from?: number): number;
}

/** What begins a turn; older releases write nothing but the prompt. */
const begins = ['"type":"task_started"', '"type":"turn_started"'] as const;
const prompted = '"type":"user_message"';
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
  const starts = begins.some((text) => end.lastIndexOf(text) >= 0) ? begins : [prompted];
  const lastStart = (from?: number): number =>
    Math.max(...starts.map((text) => end.lastIndexOf(text, from)));
  const last = lastStart();
  const count = end.lastIndexOf(counted);
  if (last < 0 || (count < 0 && !uncounted)) return undefined;
  const first = count < 0 || count > last ? last : lastStart(count);
  const line = first < 0 ? -1 : end.lastIndexOf("\n", first);
  return line < 0 ? undefined : end.length - line - 1;
}
