import { memo } from "../lib/memo.ts";
import { folderName } from "./paths.ts";
import { likelyShapes, secretShapes } from "./secret-shapes.ts";
import { type WordFinder, wordFinder } from "./word-finder.ts";
import { openWords, privateWords, usingCodex, verbs } from "./words.ts";

/** What is never to be shown, beyond what is secret by its shape. */
export interface Private {
  /** The person's own list, matched in any case and Unicode form, `-` and `_` as spaces. */
  readonly words: readonly string[];
  /** The home folder and names of the person; whole words only. */
  readonly home: string | undefined;
  readonly names: readonly string[];
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
  const words = wordFinder(hidden.words.map(plainWord).filter((word) => word !== ""));
  const names = [...hidden.names, folderName(hidden.home ?? "")]
    .filter(isTelling)
    .toSorted((a, b) => b.length - a.length);
  const once = (text: string): string =>
    maskNames(maskWords(maskShapes(withoutHomes(text, hidden.home)), words), names);
  const line = (text: string): string => {
    let rest = readable(text);
    // What was taken out may have been all that kept something beside it from being recognised.
    for (let pass = 0; pass < maxPasses; pass += 1) {
      const next = once(rest);
      if (next === rest) break;
      rest = next;
    }
    return rest;
  };
  return {
    line: memo((text) => meaningful(line(text))),
    fact: memo((text) => meaningful(line(withoutPaths(readable(text))))),
    allows: memo((url) => {
      const decoded = decode(url);
      if (decoded !== readable(decoded)) return false;
      return decoded === maskWords(maskShapes(decoded, secretShapes), words);
    }),
  };
}

/**
 * One line of visible text: control, bidi, zero-width and private characters gone (a joiner
 * between two pictures stays), white space single, heaps of accents cut down.
 */
export function readable(text: string): string {
  return text
    .slice(0, maxText)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}\u2800]+/gu, " ")
    .replaceAll(joiners, "")
    .replaceAll(/[\p{Cs}\p{Co}]/gu, "")
    .replaceAll(/(\p{M}{4})\p{M}+/gu, "$1")
    .replaceAll(/ {2,}/g, " ")
    .trim();
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
    .replaceAll(/(?<![\w/\\.-])(?:~[^\s/\\]{0,64}|[a-z]:|\.{1,2})?[/\\][^\s"'<>|]*/gi, lastPart)
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

/** Names as whole words; letters or digits beside them make another word of it. */
function maskNames(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => {
    const found = new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, "giu");
    return rest.replaceAll(found, mask);
  }, text);
}

/** Names that tell who somebody is; those of machines, and words of our own, do not. */
function isTelling(name: string): boolean {
  return name.length > 1 && !common.has(name.toLowerCase());
}

const common: ReadonlySet<string> = new Set(
  [
    "root user users admin administrator guest home dev developer ubuntu debian fedora arch alpine",
    "node app codex openai gpt vscode runner ci build builder docker git www ec2-user pi vagrant",
    ...Object.values(privateWords),
    ...Object.values(openWords),
    ...Object.values(verbs),
    usingCodex,
  ].flatMap((line) => line.toLowerCase().split(" ")),
);

function maskWords(text: string, words: WordFinder): string {
  const units = Array.from(text, (unit) => ({ unit, plain: plainUnit(unit) }));
  const plain = units.map((unit) => unit.plain).join("");
  const hidden = words(plain);
  if (hidden.size === 0) return text;
  let at = 0;
  return units
    .map(({ unit, plain: letters }) => {
      const begin = at;
      at += letters.length;
      const covered = letters === "" ? hidden.has(begin - 1) : anyIn(hidden, begin, at);
      return covered ? mask : unit;
    })
    .join("")
    .replaceAll(/…+/g, mask);
}

function anyIn(places: ReadonlySet<number>, begin: number, end: number): boolean {
  for (let i = begin; i < end; i += 1) if (places.has(i)) return true;
  return false;
}

function plainWord(word: string): string {
  // Most words are such, and there may be a hundred thousand.
  if (/^[\w.-]+$/.test(word)) return word.toLowerCase().replaceAll(/[_-]/g, " ");
  return Array.from(readable(word), plainUnit).join("");
}

/** A character as words are compared: no case, accents or width; dashes and the like as spaces. */
function plainUnit(unit: string): string {
  const bare = unit.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
  return bare.replaceAll(/\p{M}/gu, "").replaceAll(/[\s_\p{Pd}]/gu, " ");
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // Not encoded as a whole: a stray percent sign is no reason to trust it less.
    return url;
  }
}
