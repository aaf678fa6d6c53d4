import type { Config } from "../config/schema.ts";
import { type CardButton, type CardExtras, clampText } from "./activity.ts";
import type { Card } from "./card.ts";
import type { Disclosed } from "./disclosure.ts";
import { fillLine } from "./line.ts";
import { memo } from "../lib/memo.ts";
import { type Lines, presets } from "./presets.ts";
import type { Scrubber } from "./scrub.ts";
import { parseTemplate, type Template, type Values, variables } from "./template.ts";
import { usingCodex } from "./words.ts";

export type Display = Config["display"];
/** All that `toActivity` takes. */
export type WholeCard = Card & CardExtras;

/** Discord shows no more of a line; of a label one less than it takes (docs/discord.md). */
const maxLine = 128;
const maxLabel = 31;
const repositoryLabel = "View repository";

/** What a card is made of besides the session. */
export interface Setting {
  readonly display: Display;
  readonly scrubber: Scrubber;
  /** Values for a template, which may name the target or not. */
  readonly values: (withTarget: boolean) => Values;
}

/** The card of one session in the person's own layout. */
export function sessionCard(shown: Disclosed, atRest: boolean, setting: Setting): WholeCard {
  const { display } = setting;
  const preset = presets[display.preset];
  const details = atRest && display.idle === "text" ? "idle_text" : "details";
  const first = line(template(details, display, preset), setting);
  const second = line(template("state", display, preset), setting);
  return {
    ...frame(setting, shown.startedAt),
    ...lines(first, second, setting),
    ...smallImage(imageFor(shown.activity, display) ?? display.small_image_key, setting),
    ...buttons(setting, shown.repositoryUrl),
  };
}

/** The card of several sessions together: how many, in how many projects; nothing of any one. */
export function aggregateCard(count: string, startedAt: number, setting: Setting): WholeCard {
  return {
    ...frame(setting, startedAt),
    ...lines(setting.scrubber.line(count), using(setting), setting),
    ...smallImage(setting.display.small_image_key, setting),
  };
}

/** Whether a line of the card tells how long it has been, which changes by itself. */
export function tellsElapsed(display: Display): boolean {
  const preset = presets[display.preset];
  const texts = [
    ...templateNames.map((name) => template(name, display, preset)),
    display.name ?? "",
    ...display.buttons.flatMap(({ label, url }) => [label, url]),
  ];
  return texts.some((text) => /\{\s*elapsed\s*\}/i.test(text));
}

/** What is wrong with the templates and the map of images, by key; none of it loses the card. */
export function displayProblems(
  display: Display,
  activities: readonly string[],
): readonly string[] {
  const texts: readonly (readonly [string, string | undefined])[] = [
    ["name", display.name],
    ...templateNames.map((name) => [name, display[name]] as const),
    ...display.buttons.flatMap(({ label, url }, index) => [
      [`buttons[${index}].label`, label] as const,
      [`buttons[${index}].url`, url] as const,
    ]),
  ];
  return [
    ...texts.flatMap(([key, text]) =>
      text === undefined
        ? []
        : parseTemplate(text).problems.map((problem) => `display.${key}: ${problem}`),
    ),
    ...Object.keys(display.activity_images)
      .filter((name) => !activities.includes(name))
      .map((name) => `display.activity_images.${name}: there is ${activities.join(", ")}`),
  ];
}

const templateNames = ["details", "state", "large_text", "small_text", "idle_text"] as const;

function template(name: keyof Lines, display: Display, preset: Lines): string {
  return display[name] ?? preset[name];
}

/** Both lines; a card says at least that Codex is in use, but says it once. */
function lines(
  details: string | undefined,
  state: string | undefined,
  setting: Setting,
): Pick<Card, "details"> & { readonly state?: string } {
  const { display } = setting;
  const first = details ?? (display.details === "" ? "" : using(setting));
  const second = state ?? (display.state === undefined ? using(setting) : undefined);
  return second === undefined || second === first
    ? { details: first }
    : { details: first, state: second };
}

/** Our own words, too, are not to be shown where the person says so. */
function using({ scrubber }: Setting): string {
  return scrubber.line(usingCodex) ?? "";
}

/** What all cards have: name, timer, pictures and their texts. */
function frame(
  setting: Setting,
  startedAt: number,
): Omit<WholeCard, "details" | "state" | "smallImage"> {
  const { display, scrubber } = setting;
  const preset = presets[display.preset];
  const name = line(display.name ?? "", setting);
  const largeText = line(template("large_text", display, preset), setting);
  const smallText = line(template("small_text", display, preset), setting);
  const { large_url: url } = display;
  return {
    ...(name === undefined ? {} : { name }),
    ...(display.timer ? { startedAt } : {}),
    ...(isShowable(display.large_image_key, scrubber)
      ? { largeImage: display.large_image_key }
      : {}),
    ...(largeText === undefined ? {} : { largeText }),
    ...(smallText === undefined ? {} : { smallText }),
    ...(url !== undefined && scrubber.allows(url) ? { largeUrl: url } : {}),
    statusDisplay: display.status_display_type,
  };
}

function smallImage(image: string, { scrubber }: Setting): Pick<WholeCard, "smallImage"> {
  return isShowable(image, scrubber) ? { smallImage: image } : {};
}

/** An address can be read by others, the name of an asset cannot. */
function isShowable(image: string, scrubber: Scrubber): boolean {
  return !image.includes("://") || scrubber.allows(image);
}

function imageFor(activity: string | undefined, display: Display): string | undefined {
  const { activity_images: images } = display;
  return activity !== undefined && Object.hasOwn(images, activity) ? images[activity] : undefined;
}

const read = memo(parseTemplate);

/** A line filled in, scrubbed as a whole and cut: a template can put together what was apart. */
function line(text: string, setting: Setting, max: number = maxLine): string | undefined {
  const parsed = read(text);
  const filled = fillLine(parsed, setting.values(names(parsed, "target")), max);
  const scrubbed = setting.scrubber.line(filled);
  return scrubbed === undefined ? undefined : clampText(scrubbed, max);
}

function buttons(
  setting: Setting,
  repositoryUrl: string | undefined,
): { readonly buttons?: readonly CardButton[] } {
  const own = setting.display.buttons.flatMap(({ label, url }) => {
    const shown = line(label, setting, maxLabel);
    const address = addressOf(url, setting);
    return shown === undefined || address === undefined ? [] : [{ label: shown, url: address }];
  });
  const repository =
    repositoryUrl === undefined ? [] : [{ label: repositoryLabel, url: repositoryUrl }];
  const all = [...own, ...repository].slice(0, 2);
  return all.length === 0 ? {} : { buttons: all };
}

/** An address with every value encoded, or none at all: half an address leads elsewhere. */
function addressOf(text: string, { scrubber, values }: Setting): string | undefined {
  const parsed = read(text);
  const known = values(false);
  const inUse = variables.filter((name) => names(parsed, name));
  if (inUse.some((name) => known[name] === undefined)) return undefined;
  const encoded = Object.fromEntries(
    variables.map((name) => [name, encodeURIComponent((known[name] ?? "").toWellFormed())]),
  );
  const url = inUse.length === 0 ? text : fillLine(parsed, encoded, Infinity);
  return scrubber.allows(url) ? url : undefined;
}

function names({ nodes }: Template, name: string): boolean {
  return nodes.some((node) =>
    node.kind === "group"
      ? names({ nodes: node.nodes, problems: [] }, name)
      : node.kind === "variable" && node.name === name,
  );
}
