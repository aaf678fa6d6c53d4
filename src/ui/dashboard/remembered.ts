import type { Model } from "./model.ts";

/** The same view, drawn once while nothing but the time moves on within a minute. */
export function remembered<T>(view: (model: Model) => T): (model: Model) => T {
  let last: { readonly model: Model; readonly drawn: T } | undefined;
  return (model) => {
    if (last === undefined || !sameButTime(last.model, model)) last = { model, drawn: view(model) };
    return last.drawn;
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
