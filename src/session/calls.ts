import type { Work } from "./event.ts";

/** A tool call whose output has not been seen. */
export interface OpenCall {
  readonly id: string;
  readonly turn: string | undefined;
  readonly at: number;
  readonly work: Work;
  readonly composite: boolean;
  readonly mayAsk: boolean;
}

/** The id of a call whose own was cut off: whatever ends next that is not known ends it. */
export const cutCall = "?";

const maxCalls = 64;
/** Lines and the child's own word are never further apart than this. */
const latenessMs = 10_000;

/** The calls with one more; of one that is told twice the later telling counts. */
export function withCall(calls: readonly OpenCall[], call: OpenCall): readonly OpenCall[] {
  const others = calls.filter((open) => open.id !== call.id);
  return [...others.slice(1 - maxCalls), call];
}

/**
 * The calls without the one that ended. If it was not open, it was made inside a program, which
 * then works on what it turned out to be.
 */
export function withoutCall(
  calls: readonly OpenCall[],
  id: string,
  work: Work | undefined,
): readonly OpenCall[] {
  const known = calls.some((open) => open.id === id);
  const others = calls.filter((open) => open.id !== (known ? id : cutCall));
  const program = calls.at(-1);
  if (others.length < calls.length) return others;
  if (program?.composite !== true || work === undefined) return calls;
  return [...calls.slice(0, -1), { ...program, work }];
}

/** Those that began after the child said it rests, as lines read early may show. */
export function begunAfter(calls: readonly OpenCall[], quietAt: number): readonly OpenCall[] {
  return calls.filter((call) => call.at > quietAt && call.at - quietAt < latenessMs);
}

/** Whether a line speaks of before the child rested. Hours before: the clock was set back. */
export function isLate(at: number, quietAt: number | undefined): boolean {
  return quietAt !== undefined && at <= quietAt && quietAt - at < latenessMs;
}
