import { known, type Knowledge } from "../lib/knowledge.ts";
import type { FileLook } from "../presence/repository-file.ts";
import type { Followed } from "../repository/follow.ts";
import { type GitFiles, openGitFiles } from "../repository/git-files.ts";
import { isLocalPath, lastPart, parentOf, resolvePath } from "../repository/paths.ts";
import { homeFolders } from "./account.ts";

/** The one way to the disks that the sessions' folders, their files and the paths of rules are on. */
export function openFolders(homes = homeFolders()): GitFiles {
  return openGitFiles({ homes });
}

/** Where the path of a rule leads. One of another system, or of a network, has no links here. */
export async function followRule(path: string, folders: GitFiles): Promise<Knowledge<Followed>> {
  const isHere = isLocalPath(path, process.platform === "win32");
  return isHere ? folders.follow(path) : known({ path, isWhole: false });
}

/** A folder by a path without links, and the disk it is on. */
export async function folderOn(
  path: string,
  folders: GitFiles,
): Promise<Knowledge<{ readonly device: number }>> {
  const entry = await folders.entry(path);
  if (entry.kind !== "known") return entry;
  return entry.value.kind === "folder" ? entry : { kind: "nothing" };
}

/**
 * Looks at a small file that a stranger may have put there. Never rejects.
 *
 * @param isReal no link is in the file's folder
 */
export async function lookAtFile(
  path: string,
  isReal: boolean,
  folders: GitFiles,
): Promise<FileLook> {
  const parent = parentOf(path) ?? "/";
  const folder = isReal ? known(parent) : await folders.real(parent);
  if (folder.kind === "nothing") return { kind: "absent" };
  if (folder.kind === "unknown") return { kind: "unreadable", reason: folder.reason };
  const place = resolvePath(folder.value, lastPart(path));
  // Mostly there is none, and then this is all that is asked.
  const entry = await folders.entry(place);
  if (entry.kind === "nothing") return { kind: "absent" };
  if (entry.kind === "unknown") return { kind: "unreadable", reason: entry.reason };
  const text = await folders.text(place);
  switch (text.kind) {
    case "known":
      return { kind: "text", text: text.value };
    case "nothing":
      return { kind: "unreadable", reason: "leads nowhere" };
    case "unknown":
    default:
      return { kind: "unreadable", reason: text.reason };
  }
}
