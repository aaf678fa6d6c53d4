import { empty, type Line } from "./line.ts";

/** A part of a column: it can be drawn at any height from `min` to `max`. */
export interface Section {
  /** The lowest is left out first when there is no room. */
  readonly priority: number;
  readonly min: number;
  /** The height at which it says what it has to say. */
  readonly ideal: number;
  readonly max: number;
  readonly draw: (height: number) => readonly Line[];
}

/**
 * Sections below each other in exactly `height` rows, blank rows between. Without room the least
 * important are left out, and of those that matter even the blank rows; what is over goes to the
 * sections in order of importance, to their ideal height first.
 */
export function stack(sections: readonly Section[], height: number): readonly Line[] {
  let kept = sections.filter(({ max }) => max > 0);
  const needs = (gap: number): number =>
    total(kept.map(({ min }) => min)) + gap * (kept.length - 1);
  while (kept.length > 1 && needs(1) > height && least(kept).priority < INDISPENSABLE) {
    const out = least(kept);
    kept = kept.filter((one) => one !== out);
  }
  const gap = needs(1) <= height ? 1 : 0;
  while (kept.length > 1 && needs(0) > height) {
    const out = least(kept);
    kept = kept.filter((one) => one !== out);
  }
  const heights = shared(kept, height - gap * (kept.length - 1));
  const lines = kept.flatMap((section, i) => {
    const rows = section.draw(heights[i] ?? 0);
    const exact = Array.from({ length: heights[i] ?? 0 }, (_, at) => rows[at] ?? empty);
    return i > 0 && gap === 1 ? [empty, ...exact] : exact;
  });
  return Array.from({ length: Math.max(0, height) }, (_, at) => lines[at] ?? empty);
}

/** From this priority on a section is kept rather than the blank rows. */
const INDISPENSABLE = 5;

function shared(sections: readonly Section[], height: number): readonly number[] {
  const heights = sections.map(({ min }) => min);
  let left = height - total(heights);
  const order = sections
    .map((section, i) => ({ section, i }))
    .toSorted((a, b) => b.section.priority - a.section.priority);
  for (const wanted of ["ideal", "max"] as const) {
    for (const { section, i } of order) {
      const more = Math.min(left, Math.max(0, section[wanted] - (heights[i] ?? 0)));
      heights[i] = (heights[i] ?? 0) + Math.max(0, more);
      left -= Math.max(0, more);
    }
  }
  return heights;
}

function least(sections: readonly Section[]): Section {
  return sections.reduce((a, b) => (b.priority <= a.priority ? b : a));
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}
