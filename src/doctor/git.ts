import { type Check, ok, warn } from "./check.ts";

/** The git that names the remotes of repositories, or why there is none. */
export type GitFacts =
  | { readonly kind: "ready"; readonly path: string; readonly version: string }
  | { readonly kind: "absent" }
  | { readonly kind: "tooOld"; readonly path: string; readonly version: string }
  | { readonly kind: "broken"; readonly path: string | undefined; readonly reason: string };

const name = "git";
const byHand =
  "remotes are read by hand, and where only git could read them every rule for a repository or host holds";

/** Whether git can say what the remotes are, on which rules for repositories and hosts depend. */
export function checkGit(git: GitFacts): Check {
  switch (git.kind) {
    case "ready":
      return ok(name, `${git.version} at ${git.path}`);
    case "absent":
      return warn(
        name,
        `not found on PATH: ${byHand}`,
        "Install git 2.26 or newer in an absolute folder of the PATH.",
      );
    case "tooOld":
      return warn(
        name,
        `${git.version} at ${git.path} is older than 2.26: ${byHand}`,
        "Install git 2.26 or newer.",
      );
    case "broken": {
      const where = git.path === undefined ? "" : ` at ${git.path}`;
      return warn(
        name,
        `git${where} does not answer (${git.reason}): every rule for a repository or host holds`,
        "Run `git --version`; it should name a version within two seconds.",
      );
    }
    default:
      return git satisfies never;
  }
}
