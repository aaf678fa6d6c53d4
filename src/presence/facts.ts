import type { Knowledge } from "../lib/knowledge.ts";
import type { ActivityKind } from "../session/activity.ts";
import type { FolderKnowledge, PlacesView } from "../session/places.ts";

/**
 * Everything about one session that could get onto a card, as it is: nothing here has been
 * checked, cut or scrubbed, and nothing here may reach Discord but through `disclose`.
 */
export interface CardFacts {
  readonly activity: ActivityKind;
  /** When the activity began, ms since the epoch. */
  readonly activitySince: number;
  /** A tool, a sub-agent or an approval is open, so the session is not at rest. */
  readonly open: boolean;
  readonly target: Target | undefined;
  /** Name of the project: its root folder's, however many worktrees it has. */
  readonly project: string | undefined;
  readonly branch: string | undefined;
  readonly repository: Repository | undefined;
  /** As a person reads it: `GPT-5.5`. */
  readonly model: string | undefined;
  readonly effort: string | undefined;
  /** Of the whole session. */
  readonly tokens: number | undefined;
  readonly context: Context | undefined;
  /** USD; `undefined` when a model's price is not known. */
  readonly cost: number | undefined;
  readonly quotas: readonly Quota[];
  readonly plan: string | undefined;
  readonly title: string | undefined;
  /** Start of the timer, ms since the epoch. */
  readonly startedAt: number;
  /**
   * Where the session works; `undefined` until the thread's own folder is known and the first look at
   * what is in it (repository, `.codex-presence.json`) was answered: until then nothing is named.
   */
  readonly places: Places | undefined;
  /** Since when this process knows of the session, on the monotonic clock, ms; see `isHeld`. */
  readonly seenSince: number;
}

/** What the activity is about: a file, or else a program, a tool, `3 sub-agents`. */
export type Target =
  | {
      readonly kind: "file";
      readonly text: string;
      /** The interpreter that runs the file, which may be named where the file may not. */
      readonly program: string | undefined;
      /** Where the file is; while that is not known it is not named. */
      readonly place: Knowledge<FilePlace>;
    }
  | { readonly kind: "program"; readonly text: string };

/** Where a file is, with its folder as if a session worked there. */
export interface FilePlace {
  /** Absolute, as the session names it. */
  readonly named: string;
  /** With links followed. */
  readonly path: string;
  readonly folder: FolderKnowledge;
  readonly file: FileKnowledge;
}

export interface Repository {
  readonly host: string;
  /** With the groups above it, where the host has them: `group/team`. */
  readonly owner: string | undefined;
  readonly name: string;
  /** Address for a browser, where there is one. */
  readonly url: string | undefined;
  /** The remote as configured carries a password or token. */
  readonly credentials: boolean;
}

/** Tokens in the model's context. */
export interface Context {
  readonly used: number;
  readonly window: number;
}

export interface Quota {
  readonly usedPercent: number;
  /** Length of the window it counts in. */
  readonly minutes: number | undefined;
  /** When it starts anew, ms since the epoch. */
  readonly resetsAt: number | undefined;
}

/** Where a session works, and what the `.codex-presence.json` files there ask for. */
export interface Places extends PlacesView {
  readonly file: FileKnowledge;
}

/** What is known of the `.codex-presence.json` files above a session; see `readCaps`. */
export type FileKnowledge =
  | { readonly kind: "known"; readonly cap: RepositoryCap }
  /** There is none: all folders in which one could be were looked at. */
  | { readonly kind: "nothing" }
  /** A look failed; `cap` is what was found by the last that succeeded, and by this one. */
  | {
      readonly kind: "unknown";
      readonly reason: string;
      readonly cap: RepositoryCap | undefined;
    };

/** What the files in a repository ask for. They come from strangers, so they only hide. */
export interface RepositoryCap {
  readonly level: "hidden" | "private" | "project" | "full";
  /** Switches that are off. */
  readonly off: readonly string[];
  /** Where it stands, and what is wrong with it, for the person's own eyes. */
  readonly sources: readonly string[];
  readonly problems: readonly string[];
}
