import { unknown } from "../lib/knowledge.ts";
import { readGitConfig, remoteAddress, remoteAddresses } from "./git-config.ts";
import type { GitFiles } from "./git-files.ts";
import type { Location } from "./locate.ts";
import { resolvePath } from "./paths.ts";
import { parseRemote, type Remote } from "./remote.ts";

/** The remotes of a repository. */
export type Remotes =
  /** All of them; `main` is the one that a person would name. */
  | {
      readonly kind: "known";
      readonly all: readonly Remote[];
      readonly main: Remote | undefined;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Reads the remotes of a repository from its config file.
 *
 * @param branch the one that is checked out; its remote matters most where there is no `origin`
 */
export async function readRemotes(
  { commonFolder }: Location,
  branch: string | undefined,
  files: GitFiles,
): Promise<Remotes> {
  const config = await files.text(resolvePath(commonFolder, "config"));
  if (config.kind === "unknown") return unknown(`its config cannot be read: ${config.reason}`);
  const values = readGitConfig(config.kind === "known" ? config.value : "");
  const address = remoteAddress(values, branch);
  return {
    kind: "known",
    all: remoteAddresses(values).flatMap((each) => parseRemote(each) ?? []),
    main: address === undefined ? undefined : parseRemote(address),
  };
}
