import { openWords, privateWords, usingCodex, verbs } from "./words.ts";

/** One name of a person or machine, taken apart into words and folded for comparison. */
export interface FoldedName {
  /** In the order in which they are written; each in all its spellings. */
  readonly parts: readonly string[];
  /** Each of its words alone tells who the person is: "Quillfeather" of "Jane Quillfeather". */
  readonly isPerson: boolean;
}

/**
 * A name as it is compared: no case, no accents, no width; letters without a base of their own are
 * written out. Marks and the like have no length.
 */
export function foldName(text: string): string {
  // @guard names-fold
  const bare = text.normalize("NFKD").toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return bare.replaceAll(/[ßæœøłđðþıς]/g, (letter) => letters[letter] ?? letter);
}

const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};

/** With and without accents: "Müller" is also written "Mueller", "Åse" also "Aase". */
export function spellingsOf(word: string): readonly string[] {
  const written = word
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[äöüåø]/g, (letter) => germanic[letter] ?? letter);
  return [...new Set([foldName(word), foldName(written)])].filter((each) => each !== "");
}

const germanic: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };

/**
 * The names to look for. A text with a space is a person's full name, one with "@" an e-mail
 * address, all else a name that counts as a whole: a login, a home folder's or a machine's.
 */
export function namesOf(texts: readonly string[]): readonly FoldedName[] {
  return texts.flatMap((text) => {
    const at = text.lastIndexOf("@");
    // @guard names-mail
    if (at >= 0) return emailNames(text.slice(0, at), text.slice(at + 1));
    const parts = wordsOf(text);
    const isPerson = /\s/.test(text.trim()) || isDotted(text);
    return parts.length === 0 ? [] : [{ parts, isPerson: isPerson && parts.length > 1 }];
  });
}

/** `jane.quillfeather`, as logins and mailboxes are made of a person's name. */
function isDotted(text: string): boolean {
  return /^\p{L}{2,}(?:\.\p{L}{2,}){1,3}$/u.test(text);
}

function emailNames(local: string, domain: string): readonly FoldedName[] {
  // `123456+login@users.noreply.github.com`; elsewhere what follows the "+" is a label.
  const [first = "", second] = local.split("+");
  const mailbox = /(?:^|\.)noreply\./i.test(domain) && second !== undefined ? second : first;
  const parts = wordsOf(mailbox);
  const labels = domain.split(".");
  const own = labels.length < 2 ? undefined : labels.at(isTwoPartEnding(labels) ? -3 : -2);
  const names = [
    { parts, isPerson: parts.length > 1 },
    {
      parts: own === undefined || providers.has(foldName(own)) ? [] : wordsOf(own),
      isPerson: false,
    },
  ];
  return names.filter((name) => name.parts.length > 0);
}

/** `co.uk`, `com.au`. */
function isTwoPartEnding(labels: readonly string[]): boolean {
  return labels.length > 2 && /^(?:co|com|org|net|ac|gov|edu|ne|or)$/i.test(labels.at(-2) ?? "");
}

/** Words of letters; a login's digits say nothing by themselves. */
function wordsOf(text: string): readonly string[] {
  return text
    .slice(0, 256)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => /\p{L}/u.test(word))
    .slice(0, 12);
}

const list = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.toLowerCase().split(/\s+/)));

/** Where everybody has a mailbox. */
const providers = list(
  "gmail googlemail google outlook hotmail live msn yahoo ymail icloud me mac aol gmx web mail posteo",
  "proton protonmail pm fastmail hey zoho yandex qq 163 126 naver github gitlab bitbucket noreply",
  "example localhost local mailbox tutanota tuta duck users",
);

/** Names of machines and accounts that everybody has, and words of our own. */
export const common = list(
  "root user users admin administrator guest home dev developer ubuntu debian fedora arch alpine",
  "node app codex openai gpt vscode runner ci build builder docker git www ec2-user pi vagrant",
  "localhost localdomain local unknown info hello contact me mail email office noreply nobody",
  "test tests macbook laptop desktop server host pc mac vm workstation default system service",
  "account actions bot github renovate dependabot maintainer maintainers team labs inc ltd gmbh live",
  ...Object.values(privateWords),
  ...Object.values(openWords),
  ...Object.values(verbs),
  usingCodex,
);

/**
 * Names that are also words of every day or of programming: alone they tell nothing of the person,
 * beside another part of the same name they do.
 */
export const ordinary = list(
  "will mark max may art bill rose grace hope faith page field stone young long king baker hunter",
  "chase grant frank jack pat rob sue gene dean dale cliff glen miles rich robin april june august",
  "summer autumn penny ruby crystal pearl amber jasmine ivy lily daisy violet olive sage rusty",
  "sandy sky star storm river brook forest lane park green brown white black gray grey gold silver",
  "price cook carter mason smith turner walker fisher gardener miller parker porter wright bishop",
  "pope abbot major knight noble duke earl prince rice bean berry bush wood woods hill hall house",
  "church bell ball cash case chance christian drew guy iris jade java joy kit lance norm oscar ray",
  "reed ruth skip ted victor wade ward west north east south day night snow winter spring best",
  "good little small short strong sharp wise swift power powers banks bank bond book brand bridge",
  "bright cross dial fox frost gates hand hardy holder keen key law link lock love main marsh moon",
  "pace pike post pool port read reader root rush sample save set shell sell shore singer spark",
  "stack state steel string sun table task text tree type wall waters way web wells wheeler win",
  "work world yard zip json yaml data code core edit file find form host icon init item join line",
  "list load lock loop merge mode model node null open pack path pull push query ready record",
  "redo ref release render reset role rule run scan search send server share show sign size sort",
  "split start step stop store stream style sync tab tag team temp time token tool trace update",
  "upload value version view watch word write and the for new old all one two",
);

/** Particles of names: together they are still no name. */
export const particles = list(
  "de la le van der den von di da do dos del el al bin ibn of and y jr sr",
);
