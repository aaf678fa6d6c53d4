import type { DiscordActivity } from "../../src/presence/activity.ts";
import type { About, Frame } from "../../src/presence/frame.ts";

/** A card with this first line, and other fields where they are given. */
export function frameOf(
  details: string,
  about: About = {},
  fields: Partial<DiscordActivity> = {},
): Frame {
  const activity: DiscordActivity = { type: 0, details, instance: false, ...fields };
  return { activity, text: JSON.stringify(activity), about };
}
