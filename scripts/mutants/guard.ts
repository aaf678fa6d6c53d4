/**
 * A line that guards privacy or trust, and how it is broken to see that a test notices. The line is
 * marked in the sources by the comment `// @guard ID`.
 */
export interface Guard {
  /** Lower case, digits and `-`; the same as in the marker. */
  readonly id: string;
  /** Code that follows the marker, and what stands in its place in the mutant. */
  readonly from: string;
  readonly to: string;
  /** Test files of which at least one fails with the mutant. */
  readonly tests: readonly string[];
}
