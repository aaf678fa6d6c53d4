import { spinnerMs } from "./look.ts";
import type { Model } from "./model.ts";

/**
 * The same view, drawn once for each step of the spinner while nothing but the time moves on within
 * a minute: a dashboard that only turns its spinner costs next to nothing.
 */
export function remembered<T>(view: (model: Model) => T): (model: Model) => T {
  let last: Model | undefined;
  let known = new Map<number, T>();
  return (model) => {
    if (last === undefined || !sameButTime(last, model)) known = new Map();
    last = model;
    const step = stepOf(model);
    const found = known.get(step);
    if (found !== undefined) return found;
    const drawn = view(model);
    known.set(step, drawn);
    return drawn;
  };
}

/** What `make` gave last, as long as its arguments are the same: for drawings that change seldom. */
export function latest<Given extends readonly unknown[], T>(
  make: (...given: Given) => T,
): (...given: Given) => T {
  let last: { readonly given: Given; readonly made: T } | undefined;
  return (...given) => {
    if (last === undefined || given.some((one, i) => one !== last?.given[i])) {
      last = { given, made: make(...given) };
    }
    return last.made;
  };
}

function sameButTime(a: Model, b: Model): boolean {
  if (Math.floor(a.now / 60_000) !== Math.floor(b.now / 60_000)) return false;
  const before: Readonly<Record<string, unknown>> = { ...a, now: 0 };
  return Object.entries({ ...b, now: 0 }).every(([name, value]) => before[name] === value);
}

function stepOf({ now, theme }: Model): number {
  return Math.floor(now / spinnerMs) % theme.glyphs.spinner.length;
}
