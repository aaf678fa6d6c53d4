import {
  common,
  foldName,
  type FoldedName,
  namesOf,
  ordinary,
  particles,
  spellingsOf,
} from "./person-names.ts";

const mask = "…";

/** A word of the text, or a piece of one in camel case. */
interface Token {
  readonly start: number;
  readonly end: number;
  /** As names are compared. */
  readonly folded: string;
  /** No letter or digit stands beside it. */
  readonly isWhole: boolean;
}

/** One name to look for. */
interface Sought {
  /** Every spelling of every part of two letters or more, to the part's number. */
  readonly parts: ReadonlyMap<string, number>;
  /** First letters, which stand for their part beside another one. */
  readonly initials: ReadonlyMap<string, number>;
  /** How many different parts it has. */
  readonly count: number;
  readonly isPerson: boolean;
}

/** Which parts of a name some letters are made of. */
interface Found {
  /** Bits of the parts that are written out, and of those that only begin. */
  readonly full: number;
  readonly initials: number;
  /** Letters of the longest part, and of all. */
  readonly longest: number;
  readonly letters: number;
}

/** Joins the words of one name: "jane-quillfeather", "Quillfeather, Jane". */
const joint = /^[-_./\\, +&'’~\p{Pd}]{1,8}$/u;
/** Joins an initial: "J. Quillfeather", "j_quillfeather"; "a page" and "a/page" are none. */
const initialJoint = /^[-_.] ?$/;
/** What is longer is no name. */
const maxWord = 64;

/**
 * Masks the person's names: in any order, case and join, with and without accents
 * (`jane-quillfeather`, `QuillfeatherJane`, `jquillfeather`, `J. Quillfeather`), and each part of a
 * person's name that is no ordinary word. Only whole words: in "Annotation" there is no Ann.
 */
export function nameMasker(names: readonly string[]): (text: string) => string {
  const sought = namesOf(names).flatMap((name) => soughtOf(name) ?? []);
  const unspaced = unspacedNames(names);
  return (text) => {
    let rest = text;
    // @guard names-unspaced
    for (const name of unspaced) rest = rest.replaceAll(name, mask);
    if (sought.length === 0) return rest;
    // `jane%2Equillfeather`; by itself, too, since `%ad` may begin a name.
    const decoded = rest.replaceAll(/%[0-9a-f]{2}/gi, "---");
    const forms = decoded === rest ? [rest] : [rest, decoded];
    const spans = forms.flatMap((form) => {
      const words = wordsIn(form);
      return sought.flatMap((name) => spansOf(name, words, form));
    });
    return withSpansMasked(rest, spans);
  };
}

/** Scripts that put no space between words: there a name is found anywhere. */
function unspacedNames(names: readonly string[]): readonly string[] {
  const scripts = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]{2,}/gu;
  const whole = names.flatMap((name) => name.normalize("NFC").match(scripts) ?? []);
  return [...whole, ...whole.flatMap(givenName)];
}

/** A Chinese name of three or four signs ends with a given name of two. */
function givenName(name: string): readonly string[] {
  return /^\p{sc=Han}{3,4}$/u.test(name) ? [Array.from(name).slice(-2).join("")] : [];
}

function soughtOf({ parts: written, isPerson }: FoldedName): Sought | undefined {
  const spelled = written.map(spellingsOf).filter((part) => part.length > 0);
  const parts = new Map<string, number>();
  const initials = new Map<string, number>();
  for (const [at, spellings] of spelled.entries()) {
    // @guard names-spellings
    for (const each of spellings) if (lengthOf(each) > 1) parts.set(each, at);
    const [initial] = Array.from(spellings[0] ?? "");
    // @guard names-initials
    if (initial !== undefined && spelled.length > 1) initials.set(initial, at);
  }
  const isTelling = [...parts.keys()].some((part) => !common.has(part));
  const count = new Set(parts.values()).size;
  return isTelling ? { parts, initials, count, isPerson } : undefined;
}

/** Each word with, where it may be camel case, its pieces. */
function wordsIn(text: string): readonly (readonly Token[])[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((found) => {
    const start = found.index;
    const token = (at: number, piece: string, isWhole: boolean): Token => ({
      start: start + at,
      end: start + at + piece.length,
      folded: foldName(piece),
      isWhole,
    });
    const [word] = found;
    if (word.length > maxWord) return [];
    // @guard names-camel
    const pieces = [...word.matchAll(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[^\p{Lu}\p{Ll}]+/gu)];
    const below = pieces.length < 2 ? [] : pieces.map((each) => token(each.index, each[0], false));
    return [token(0, word, true), ...below];
  });
}

type Span = readonly [start: number, end: number];

interface Run {
  readonly start: number;
  end: number;
  found: Found;
  /** It is one word, which nothing stands beside, or several. */
  isWhole: boolean;
}

/** Where in the text the name stands. */
function spansOf(
  name: Sought,
  words: readonly (readonly Token[])[],
  text: string,
): readonly Span[] {
  const spans: Span[] = [];
  let run: Run | undefined;
  const take = (token: Token, found: Found | undefined): void => {
    const next = found && run && joined(run, token, found, text.slice(run.end, token.start));
    if (next === undefined) {
      if (run !== undefined && tells(run, name)) spans.push([run.start, run.end]);
      run = found && { start: token.start, end: token.end, found, isWhole: token.isWhole };
    } else run = next;
  };
  for (const [word, ...pieces] of words) {
    if (word === undefined) continue;
    const found = foundIn(word.folded, name);
    if (found !== undefined || pieces.length === 0) take(word, found);
    else for (const piece of pieces) take(piece, foundIn(piece.folded, name));
  }
  take({ start: text.length, end: text.length, folded: "", isWhole: true }, undefined);
  return spans;
}

function joined(run: Run, token: Token, found: Found, between: string): Run | undefined {
  const isInitial = run.found.full === 0 || found.full === 0;
  const isJoint = between === "" || (isInitial ? initialJoint : joint).test(between);
  if (!isJoint) return undefined;
  const both = {
    full: run.found.full | found.full,
    initials: run.found.initials | found.initials,
    longest: Math.max(run.found.longest, found.longest),
    letters: run.found.letters + found.letters,
  };
  return { ...run, end: token.end, found: both, isWhole: run.isWhole && token.isWhole };
}

/** Whether so much of a name tells who the person is. */
function tells({ found, isWhole }: Run, { parts, count, isPerson }: Sought): boolean {
  const names = [...parts].filter(([, at]) => (found.full & (1 << at)) !== 0).map(([part]) => part);
  const full = bitsOf(found.full);
  if (full === 0 || (!isPerson && full < count)) return false;
  if (full > 1) return found.letters > 3 && !names.every((part) => particles.has(part));
  if (bitsOf(found.initials & ~found.full) > 0) return found.longest > 3;
  // A piece of camel case, `fixForJane`, is a word of its own where it is no short one.
  if (!isWhole && found.longest < 4) return false;
  const isCommon = names.some((part) => common.has(part) || (isPerson && ordinary.has(part)));
  return !isCommon && found.longest > (isPerson ? 2 : 1);
}

/** The parts of the name of which a word is made without a rest, digits around it left aside. */
function foundIn(folded: string, name: Sought): Found | undefined {
  const exact = partsOf(folded, name);
  if (exact !== undefined) return exact;
  const base = folded.replaceAll(/^\p{N}{1,4}|\p{N}{1,4}$/gu, "");
  if (base === folded) return undefined;
  const found = partsOf(base, name);
  return found !== undefined && found.letters > 3 ? found : undefined;
}

function partsOf(word: string, name: Sought): Found | undefined {
  const single = name.parts.get(word);
  const letters = lengthOf(word);
  if (single !== undefined) {
    return { full: 1 << single, initials: 0, longest: letters, letters };
  }
  const initial = name.initials.get(word);
  if (initial !== undefined) return { full: 0, initials: 1 << initial, longest: 0, letters };
  // Several without anything between them; a word that there is has its own meaning.
  if (letters < 4 || common.has(word) || ordinary.has(word)) return undefined;
  // @guard names-made-of
  return madeOf(word, name);
}

/** For each place in the word the parts that lead there, most of them first. */
function madeOf(word: string, { parts, initials }: Sought): Found | undefined {
  const reached: (Found | undefined)[] = [{ full: 0, initials: 0, longest: 0, letters: 0 }];
  const reach = (at: number, found: Found): void => {
    const before = reached[at];
    if (before === undefined || weightOf(found) > weightOf(before)) reached[at] = found;
  };
  for (let at = 0; at < word.length; at += 1) {
    const here = reached[at];
    if (here === undefined) continue;
    for (const [part, number] of parts) {
      if ((here.full & (1 << number)) !== 0 || !word.startsWith(part, at)) continue;
      const length = lengthOf(part);
      reach(at + part.length, {
        ...here,
        full: here.full | (1 << number),
        longest: Math.max(here.longest, length),
        letters: here.letters + length,
      });
    }
    const initial = initials.get(word[at] ?? "");
    if (initial === undefined) continue;
    reach(at + 1, { ...here, initials: here.initials | (1 << initial), letters: here.letters + 1 });
  }
  const found = reached[word.length];
  const isMade = found !== undefined && found.longest > 3 && bitsOf(found.initials) <= 2;
  return isMade || (found !== undefined && bitsOf(found.full) > 1 && found.initials === 0)
    ? found
    : undefined;
}

function weightOf({ full, initials, letters }: Found): number {
  return 100 * bitsOf(full) - 10 * bitsOf(initials) + Math.min(letters, 9);
}

function bitsOf(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function withSpansMasked(text: string, spans: readonly Span[]): string {
  let rest = "";
  let from = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    rest += text.slice(from, Math.max(from, start));
    if (end > from) rest += mask;
    from = Math.max(from, end);
  }
  return rest + text.slice(from);
}
