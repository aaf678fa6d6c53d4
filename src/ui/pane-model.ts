import type { LinkStatus } from "../discord/link.ts";
import type { Activity } from "../session/activity.ts";
import type { SessionView } from "../session/session-view.ts";
import type { Usage } from "../session/usage.ts";
import type { Sharing } from "./pane-sharing.ts";

/** What the pane shows; what is absent is not known yet. Times are in ms since the epoch. */
export interface PaneModel {
  readonly startedAt: number;
  readonly activity: Activity;
  readonly discord: LinkStatus;
  readonly session?: SessionView | undefined;
  readonly limits?: Usage["limits"] | undefined;
  readonly sharing?: Sharing | undefined;
}
