import { areSame } from "../../lib/memo.ts";
import type { Line } from "./line.ts";
import type { Model } from "./model.ts";
import type { Section } from "./stack.ts";

/** What a drawing looks at: these parts of the model, and the time. */
export type Seen<Part extends keyof Model> = Pick<Model, Part | "now">;

/**
 * The same drawing, made anew only when a part that it looks at, the minute or what else it is given
 * has become another: ages are told in minutes, and spinners turn in what is drawn already. The
 * type keeps it from looking at more.
 */
export function remembered<Part extends keyof Model, Rest extends readonly unknown[], T>(
  parts: readonly Part[],
  draw: (model: Seen<Part>, ...rest: Rest) => T,
): (model: Seen<Part>, ...rest: Rest) => T {
  let last: { readonly given: readonly unknown[]; readonly drawn: T } | undefined;
  return (model, ...rest) => {
    const given: unknown[] = [Math.floor(model.now / minuteMs)];
    for (const part of parts) given.push(model[part]);
    given.push(...rest);
    if (last === undefined || !areSame(given, last.given)) {
      last = { given, drawn: draw(model, ...rest) };
    }
    return last.drawn;
  };
}

/** The same for a section, whose rows are drawn anew only when it is, or when its height changes. */
export function rememberedSection<Part extends keyof Model, Rest extends readonly unknown[]>(
  parts: readonly Part[],
  make: (model: Seen<Part>, ...rest: Rest) => Section,
): (model: Seen<Part>, ...rest: Rest) => Section {
  return remembered(parts, (model, ...rest: Rest) => {
    const section = make(model, ...rest);
    return { ...section, draw: latest(section.draw) };
  });
}

/** Rows made one by one: where all that one is made of is the same, it is that of last time. */
export function rememberedRows<Given extends readonly unknown[]>(
  make: (...given: Given) => Line,
): (row: number, ...given: Given) => Line {
  const rows: { readonly given: Given; readonly made: Line }[] = [];
  return (row, ...given) => {
    const last = rows[row];
    if (last !== undefined && areSame(given, last.given)) return last.made;
    const made = make(...given);
    rows[row] = { given, made };
    return made;
  };
}

/** What `make` gave last, as long as its arguments are the same: for drawings that change seldom. */
export function latest<Given extends readonly unknown[], T>(
  make: (...given: Given) => T,
): (...given: Given) => T {
  let last: { readonly given: Given; readonly made: T } | undefined;
  return (...given) => {
    if (last === undefined || !areSame(given, last.given)) last = { given, made: make(...given) };
    return last.made;
  };
}

const minuteMs = 60_000;
