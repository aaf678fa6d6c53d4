import { memo } from "../lib/memo.ts";
import { folderName } from "./paths.ts";
import { nameMasker } from "./scrub-names.ts";
import { likelyShapes, secretShapes } from "./secret-shapes.ts";
import { type WordFinder, wordFinder } from "./word-finder.ts";

/** What is never to be shown, beyond what is secret by its shape. */
export interface Private {
  /** The person's own list, matched in any case and Unicode form, across any separators. */
  readonly words: readonly string[];
  readonly home: string | undefined;
  /** Names, logins and e-mail addresses of the person; `undefined` until they are known. */
  readonly names: readonly string[] | undefined;
}

export interface Scrubber {
  /** A fact: also reduces paths to their last folder and takes web addresses out. */
  readonly fact: (text: string) => string | undefined;
  /** A finished line, whatever template it came through. */
  readonly line: (text: string) => string | undefined;
  /** Whether an address may be used as it is; one that would have to be changed may not. */
  readonly allows: (url: string) => boolean;
}

/** More than this of a text is not looked at; 128 is the most that can be shown of it. */
const maxText = 1024;
const maxPasses = 8;
const mask = "…";

/** Makes the scrubber for one person. Both functions are idempotent and never throw. */
export function scrubberFor(hidden: Private): Scrubber {
  const words = wordFinder(hidden.words.flatMap(formsOf));
  // Nothing but separators: these mean themselves, and not each other.
  const marks = hidden.words.map(readable).filter((word) => /^[\s_./\\\p{Pd}]+$/u.test(word));
  const maskNames = nameMasker([...(hidden.names ?? []), folderName(hidden.home ?? "")]);
  const once = (text: string): string =>
    // @guard scrub-homes
    // @guard scrub-shapes
    // @guard scrub-words
    // @guard scrub-names
    maskNames(maskMarks(maskWords(maskShapes(withoutHomes(text, hidden.home)), words), marks));
  const line = (text: string): string => {
    let rest = readable(text);
    // What was taken out may have been all that kept something beside it from being recognised.
    // @guard scrub-again
    for (let pass = 0; pass < maxPasses; pass += 1) {
      const next = once(rest);
      if (next === rest) break;
      rest = next;
    }
    return rest;
  };
  return {
    line: memo((text) => meaningful(line(text))),
    // Any fact may hold a name, so there is none before the names are known.
    fact: memo((text) =>
      // @guard scrub-paths
      // @guard scrub-names-unknown
      hidden.names === undefined ? undefined : meaningful(line(withoutPaths(readable(text)))),
    ),
    allows: memo((url) => {
      const decoded = decode(url);
      // @guard button-unseen
      if (decoded !== readable(decoded)) return false;
      // @guard button-masked
      return decoded === maskMarks(maskWords(maskShapes(decoded, secretShapes), words), marks);
    }),
  };
}

/**
 * One line of visible text: control, bidi, zero-width and private characters gone (a joiner
 * between two pictures stays), white space single, heaps of accents cut down.
 */
export function readable(text: string): string {
  return (
    text
      .slice(0, maxText)
      .toWellFormed()
      // @guard text-controls
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}\u2800]+/gu, " ")
      // @guard text-invisible
      .replaceAll(joiners, "")
      .replaceAll(/[\p{Cs}\p{Co}]/gu, "")
      .replaceAll(/(\p{M}{4})\p{M}+/gu, "$1")
      .replaceAll(/ {2,}/g, " ")
      .trim()
  );
}

/** Invisible characters, except where they hold one picture together. */
const joiners =
  /(?<!\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?)\u200D|\u200D(?!\p{Extended_Pictographic})|(?<!\p{Extended_Pictographic}|[#*0-9])\uFE0F|(?!\u200D|\uFE0F)[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

const everyShape = [...secretShapes, ...likelyShapes];

function maskShapes(text: string, shapes: readonly RegExp[] = everyShape): string {
  return shapes.reduce((rest, shape) => rest.replaceAll(shape, mask), text);
}

/** What is left when it says anything; marks of what was taken out say nothing. */
function meaningful(text: string): string | undefined {
  const kept = text.replaceAll(/…(?:[\s….]*…)+/g, mask).trim();
  return /[\p{L}\p{N}\p{S}\p{Extended_Pictographic}]/u.test(kept) ? kept : undefined;
}

/** Addresses go; paths of Unix, Windows, WSL and UNC keep their last part. */
function withoutPaths(text: string): string {
  return text
    .replaceAll(/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S*/gi, mask)
    .replaceAll(
      // A slash behind a letter joins two words, unless its script has no space between them.
      /(?<![[\p{L}\p{N}\p{M}_…\/\\.\-]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]])(?:~[^\s\/\\]{0,64}|[a-z]:|\.{1,2})?[\/\\][^\s"'<>\|]*/giv,
      lastPart,
    )
    .replaceAll(/\S*\\\S*/g, lastPart);
}

/** Homes anywhere in a line, also such as a template has put together: `/home/name/x`. */
function withoutHomes(text: string, home: string | undefined): string {
  const own = home === undefined || home.length < 2 ? "" : `${RegExp.escape(home)}|`;
  const paths = new RegExp(`(?:${own}${anyHome})((?:[/\\\\]+${part}+)*)[/\\\\]*(?!${part})`, "gi");
  return text.replaceAll(paths, (_, below: string) => (below === "" ? "~" : lastPart(below)));
}

const part = "[^/\\\\\\s\"'<>|]";
const anyHome =
  `(?:\\b[a-z]:)?[/\\\\]{1,4}(?:home|users|documents and settings)[/\\\\]+${part}+` +
  `|(?<![^\\s"'(])~(?=[/\\\\])|[/\\\\]root(?!${part})`;

function lastPart(path: string): string {
  const name = folderName(path);
  return name === "" || /^(?:~.*|[a-z]:)$/i.test(name) ? mask : name;
}

/**
 * The forms in which a word is looked for: separators in it, and a capital within it, stand for any
 * run of them or for none, since "project falcon" is also written `project--falcon`,
 * `project/falcon` and `ProjectFalcon`. Empty where it is nothing but separators.
 */
function formsOf(word: string): readonly string[] {
  // Most words are such, and there may be a hundred thousand.
  if (/^[a-z0-9]+$/.test(word)) return [word];
  // @guard word-capitals
  const { plain } = plainText(readable(word).replaceAll(/(\p{Ll})(?=\p{Lu})/gu, "$1 "));
  if (plain.trim() === "") return [];
  // @guard word-joined
  return [plain, plain.replaceAll(/(?<=\S) (?=\S)/g, "")];
}

function maskMarks(text: string, marks: readonly string[]): string {
  return marks.reduce((rest, each) => rest.replaceAll(each, mask), text);
}

function maskWords(text: string, words: WordFinder): string {
  const { units, plain, starts } = plainText(text);
  const hidden = words(plain);
  if (hidden.size === 0) return text;
  return units
    .map((unit, at) => {
      const begin = starts[at] ?? 0;
      const end = starts[at + 1] ?? plain.length;
      const isCovered = begin === end ? hidden.has(begin - 1) : anyIn(hidden, begin, end);
      return isCovered ? mask : unit;
    })
    .join("")
    .replaceAll(/…+/g, mask);
}

interface PlainText {
  readonly units: readonly string[];
  /** All units as words are compared, a run of separators as one space. */
  readonly plain: string;
  /** Where in it each unit starts. */
  readonly starts: readonly number[];
}

function plainText(text: string): PlainText {
  const units = Array.from(text);
  const starts: number[] = [];
  let plain = "";
  for (const unit of units) {
    starts.push(plain.length);
    const letters = plainUnit(unit);
    plain += letters === " " && plain.endsWith(" ") ? "" : letters;
  }
  return { units, plain, starts };
}

function anyIn(places: ReadonlySet<number>, begin: number, end: number): boolean {
  for (let i = begin; i < end; i += 1) if (places.has(i)) return true;
  return false;
}

/** A character as words are compared: no case, accents or width; what joins words is a space. */
function plainUnit(unit: string): string {
  // @guard word-case
  const bare = unit.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
  // @guard word-accents
  // @guard word-separators
  return bare.replaceAll(/\p{M}/gu, "").replaceAll(/[\s_./\\\p{Pd}]/gu, " ");
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // Not encoded as a whole: a stray percent sign is no reason to trust it less.
    return url;
  }
}
