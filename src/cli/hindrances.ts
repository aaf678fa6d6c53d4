import { cannotWrite } from "../doctor/home.ts";
import { noLock } from "../doctor/instance.ts";
import { unwritable } from "./home.ts";

/**
 * What would keep the next `cdp` from publishing for this home, a sentence with its fix each: the
 * disk, or else the lock.
 */
export function hindrancesTo(home: string, lockProblem: string | undefined): readonly string[] {
  const code = unwritable(home);
  const found =
    code !== undefined
      ? cannotWrite(home, code)
      : lockProblem !== undefined
        ? noLock(lockProblem)
        : undefined;
  return found === undefined ? [] : [`${found.line}. ${found.fix ?? ""}`.trim()];
}
