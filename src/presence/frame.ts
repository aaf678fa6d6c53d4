import type { PrivacyLevel } from "../config/privacy.ts";
import type { DiscordActivity } from "./activity.ts";

/** What the publisher has to know of a card beyond what others see. */
export interface About {
  /**
   * Names the approval, question, error or limit that the card tells of: another value is the start
   * of another one. `undefined` for none.
   */
  readonly attention?: string | undefined;
  /** Codex starts up, and nothing more is known of it. */
  readonly starting?: boolean;
  /** The privacy level that counts for the card. */
  readonly level?: PrivacyLevel;
  /** All that decides how much may be shown. Another value: the privacy has changed. */
  readonly privacy?: string;
}

/** A card as it is sent; equal texts are the same card. */
export interface Frame {
  readonly activity: DiscordActivity;
  /** `activity` as JSON. */
  readonly text: string;
  readonly about: About;
  /** Not worth sending before this moment (monotonic ms). */
  readonly notBefore?: number | undefined;
}

/**
 * Whether the step from one card to the next takes something away that others may not see any more,
 * so that it must not wait. The one definition:
 *
 * - no card after a card;
 * - while the privacy is the same, the same card without some of its fields;
 * - where the privacy has changed, anything that is not certainly the same card with more in it.
 */
export function showsLess(before: Frame, after: Frame | undefined): boolean {
  if (after === undefined) return true;
  if (before.text === after.text) return false;
  const [old, fresh] = [fieldsOf(before.activity), fieldsOf(after.activity)];
  const keepsAll = contains(fresh, old);
  if (before.about.privacy !== after.about.privacy) return !keepsAll;
  return !keepsAll && contains(old, fresh);
}

type Fields = ReadonlyMap<string, string>;

/** Each value by the path to it: `assets.large_text`, `buttons.0.url`. */
function fieldsOf(activity: DiscordActivity): Fields {
  const fields = new Map<string, string>();
  const walk = (path: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) {
      fields.set(path, JSON.stringify(value) ?? "");
      return;
    }
    for (const [name, inner] of Object.entries(value)) walk(`${path}.${name}`, inner);
  };
  walk("", activity);
  return fields;
}

function contains(more: Fields, less: Fields): boolean {
  return [...less].every(([path, value]) => more.get(path) === value);
}
