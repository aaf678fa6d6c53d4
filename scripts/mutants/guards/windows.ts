import type { Guard } from "../guard.ts";

const rules = "test/presence/rules.test.ts";
const repositoryCaps = "test/presence/repository-caps.test.ts";

/** What is shown after a look failed, and after something changed. */
export const windowGuards: readonly Guard[] = [
  {
    id: "main-worktree-unknown",
    from: 'at.kind === "unknown" && at.mayBeLinked === true',
    to: "false",
    tests: [repositoryCaps],
  },
  {
    id: "files-above-lost-repository",
    from: "found.every(({ root }) => root !== undefined)",
    to: "true",
    tests: [repositoryCaps],
  },
  {
    id: "file-look-failed",
    from: "reason !== undefined && caps.length > 0",
    to: "false",
    tests: [repositoryCaps],
  },
  {
    id: "recheck-before-send",
    from: "this.#isCurrent() && this.#configAt >= this.#madeOf",
    to: "true",
    tests: ["test/cli/fresh-card.test.ts"],
  },
  {
    id: "looks-before-sleep",
    from: "Math.abs(gapOf(this.#options.clock) - this.#clockGap) >= sendMs",
    to: "false",
    tests: ["test/cli/fresh-card.test.ts"],
  },
  {
    id: "rule-main-unknown",
    from: "isPlaceKnown && mayBeLinked !== true",
    to: "isPlaceKnown",
    tests: [rules],
  },
];
