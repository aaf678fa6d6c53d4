import type { Card } from "./card.ts";

/** A button below the card, as the person wrote it. */
export interface CardButton {
  readonly label: string;
  readonly url: string;
}

/** What a card may carry beyond its lines. */
export interface CardExtras {
  /** Replaces the application's name. */
  readonly name?: string;
  readonly largeUrl?: string;
  readonly buttons?: readonly CardButton[];
}

/** The `activity` of SET_ACTIVITY in Discord's own words (docs/discord.md). */
export interface DiscordActivity {
  readonly type: 0;
  readonly name?: string;
  readonly details?: string;
  readonly state?: string;
  readonly timestamps?: { readonly start: number };
  readonly assets?: Readonly<Record<string, string>>;
  readonly status_display_type?: 0 | 1 | 2;
  readonly buttons?: readonly CardButton[];
  readonly instance: false;
}

export interface EncodedCard {
  readonly activity: DiscordActivity;
  /** Names of fields that Discord would have refused and that were left out. */
  readonly dropped: readonly string[];
}

/** Discord counts UTF-16 units. One bad field makes it refuse the whole activity. */
const text = { min: 2, max: 128 };
const maxUrl = 256;
const maxButtonUrl = 512;
/** 32 are allowed, but a label of exactly 32 is not shown to others. */
const maxLabel = 31;
const playing = 0;
const displayTypes = { name: 0, state: 1, details: 2 } as const;
/** Takes no room and is no white space that Discord might trim. */
const padding = "\u200B";

/** Makes a card fit for Discord: texts clamped, what is empty or wrong left out and named. */
export function toActivity(card: Card & CardExtras): EncodedCard {
  const dropped: string[] = [];
  const keep = <T>(name: string, given: unknown, value: T | undefined): T | undefined => {
    if (value === undefined && given !== undefined && given !== "") dropped.push(name);
    return value;
  };
  const line = (name: string, given: string | undefined): string | undefined =>
    keep(name, given, given === undefined ? undefined : clampText(given));
  const url = (name: string, given: string | undefined): string | undefined =>
    keep(name, given, given === undefined ? undefined : webUrl(given, maxUrl));
  const image = (name: string, given: string | undefined): string | undefined =>
    keep(name, given, given === undefined ? undefined : imageOf(given));

  const name = line("name", card.name);
  const details = line("details", card.details);
  const state = line("state", card.state);
  const start = keep("timestamps", card.startedAt, timestamp(card.startedAt));
  const assets = present({
    large_image: image("large_image", card.largeImage),
    large_text: line("large_text", card.largeText),
    large_url: url("large_url", card.largeUrl),
    small_image: image("small_image", card.smallImage),
    small_text: line("small_text", card.smallText),
  });
  const display = displayOf(card, { details, state });
  const buttons = keep("buttons", card.buttons?.length === 0 ? "" : card.buttons, buttonsOf(card));
  if (buttons !== undefined && buttons.length < (card.buttons?.length ?? 0))
    dropped.push("buttons");
  return {
    activity: {
      type: playing,
      ...(name === undefined ? {} : { name }),
      ...(details === undefined ? {} : { details }),
      ...(state === undefined ? {} : { state }),
      ...(start === undefined ? {} : { timestamps: { start } }),
      ...(assets === undefined ? {} : { assets }),
      ...(display === undefined ? {} : { status_display_type: display }),
      ...(buttons === undefined ? {} : { buttons }),
      instance: false,
    },
    dropped,
  };
}

/**
 * A text of 2 to `max` UTF-16 units that ends at a grapheme, with `…` where it was cut; padded
 * when it is a single unit; `undefined` when nothing is left of it.
 */
export function clampText(given: string, max: number = text.max): string | undefined {
  // Four times the room is enough to find the cut, however long the text is.
  const clean = given
    .slice(0, max * 4)
    .toWellFormed()
    .trim();
  if (clean === "") return undefined;
  const whole = given.length <= max * 4 && clean.length <= max;
  const fitting = whole ? clean : cut(clean, max);
  if (fitting === "") return undefined;
  return fitting.length < text.min ? `${fitting}${padding}` : fitting;
}

function cut(long: string, max: number): string {
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(long)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return kept === "" ? "" : `${kept.trimEnd()}…`;
}

function timestamp(startedAt: number | undefined): number | undefined {
  const whole = Math.floor(startedAt ?? 0);
  return Number.isSafeInteger(whole) && whole > 0 ? whole : undefined;
}

/** An asset key (Discord keeps them in lower case) or the web address of an image. */
function imageOf(given: string): string | undefined {
  const clean = given.trim();
  if (clean.includes("://")) return webUrl(clean, maxUrl);
  const key = clean.toLowerCase();
  return /^[\p{L}\p{N}\p{M}._:/-]+$/u.test(key) && key.length <= maxUrl ? key : undefined;
}

/** The address as a browser would send it, all ASCII; http and https only. */
function webUrl(given: string, max: number): string | undefined {
  const url = given.length > max ? null : URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return url.href.length > max ? undefined : url.href;
}

function buttonsOf(card: CardExtras): readonly CardButton[] | undefined {
  const usable = (card.buttons ?? []).flatMap(({ label, url }) => {
    const shown = clampLabel(label);
    const target = webUrl(url, maxButtonUrl);
    return shown === undefined || target === undefined ? [] : [{ label: shown, url: target }];
  });
  return usable.length === 0 ? undefined : usable.slice(0, 2);
}

/** A label may be a single unit, unlike the card's lines. */
function clampLabel(label: string): string | undefined {
  const clamped = clampText(label, maxLabel);
  return clamped?.endsWith(padding) === true ? clamped.slice(0, -padding.length) : clamped;
}

/** A line that is not there cannot be the one that the member list shows. */
function displayOf(
  card: Card,
  lines: { readonly details: string | undefined; readonly state: string | undefined },
): 0 | 1 | 2 | undefined {
  const { statusDisplay } = card;
  if (statusDisplay === undefined) return undefined;
  if (statusDisplay !== "name" && lines[statusDisplay] === undefined) return undefined;
  return displayTypes[statusDisplay];
}

function present(
  fields: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | undefined {
  const kept = Object.entries(fields).flatMap(([name, value]): readonly [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
