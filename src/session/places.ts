/**
 * What the address of a remote says for certain. A field that is `undefined` is not certain: it may
 * be any, so every rule about it holds.
 */
export interface RemoteClaim {
  /** Every name of the host. */
  readonly hosts: readonly string[] | undefined;
  /** Every form of `owner/name`. */
  readonly paths: readonly string[] | undefined;
}

/** A folder of a session by the names that rules and files go by; absolute, links followed. */
export interface Place {
  readonly realPath: string;
  /** Top folder of the worktree, where it is in a repository. */
  readonly root?: string;
  readonly mainWorktree?: string;
}

/**
 * What is known of the folder that a session works in. In each case `remotes` are those that are
 * known: of the repository, and what Codex wrote down when the session began.
 */
export type FolderKnowledge =
  /** In a repository: `remotes` are all that there are. */
  | {
      readonly kind: "repository";
      readonly place: Required<Place>;
      readonly remotes: readonly RemoteClaim[];
    }
  /** In none: the folder and each one above it were looked at. */
  | {
      readonly kind: "nothing";
      readonly place: Place;
      readonly remotes: readonly RemoteClaim[];
    }
  /**
   * A look failed: there may be a repository with any remotes. `places`: where the folder is as far
   * as that can be seen, and where it was when a look succeeded last.
   */
  | {
      readonly kind: "unknown";
      readonly reason: string;
      /** It may be a linked worktree, so its main worktree may be anywhere. */
      readonly mayBeLinked?: true;
      readonly places: readonly Place[];
      readonly remotes: readonly RemoteClaim[];
    };

export interface PlacesView {
  /** As the session names it, links and all. */
  readonly cwd: string;
  readonly folder: FolderKnowledge;
}

/** Where the folder is: one place, unless that is not known. */
export function placesIn(folder: FolderKnowledge): readonly Place[] {
  switch (folder.kind) {
    case "repository":
    case "nothing":
      return [folder.place];
    case "unknown":
    default:
      return folder.places;
  }
}
