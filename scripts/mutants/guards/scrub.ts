import type { Guard } from "../guard.ts";

const scrub = "test/presence/scrub.test.ts";
const scrubAttack = "test/presence/scrub-attack.test.ts";
const scrubNames = "test/presence/scrub-names.test.ts";
const homeFolders = "test/presence/home-folders.test.ts";

/** Secrets, the person's names and their own words. */
export const scrubGuards: readonly Guard[] = [
  {
    id: "scrub-names",
    from: "maskNames(maskMarks",
    to: "(maskMarks",
    tests: [scrub, scrubAttack],
  },
  {
    id: "scrub-words",
    from: "maskWords(maskShapes(withoutHomes(text, hidden.home)), words)",
    to: "maskShapes(withoutHomes(text, hidden.home))",
    tests: [scrub, scrubAttack],
  },
  {
    id: "scrub-shapes",
    from: "maskShapes(withoutHomes(text, hidden.home))",
    to: "withoutHomes(text, hidden.home)",
    tests: [scrub, scrubAttack],
  },
  {
    id: "scrub-homes",
    from: "withoutHomes(text, hidden.home)",
    to: "text",
    tests: [scrub, scrubAttack],
  },
  {
    id: "scrub-again",
    from: "pass < maxPasses",
    to: "pass < 1",
    tests: [scrub, scrubAttack],
  },
  {
    id: "scrub-names-unknown",
    from: "hidden.names === undefined",
    to: "false",
    tests: [scrubNames],
  },
  {
    id: "scrub-paths",
    from: "withoutPaths(readable(text))",
    to: "readable(text)",
    tests: [scrub, scrubAttack],
  },
  {
    id: "button-unseen",
    from: "if (decoded !== readable(decoded)) return false;",
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "button-masked",
    from: "decoded === maskMarks(maskWords(maskShapes(decoded, secretShapes), words), marks)",
    to: "true",
    tests: [scrub, scrubAttack],
  },
  {
    id: "text-controls",
    from: '.replaceAll(/[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Zs}\\u2800]+/gu, " ")',
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "text-invisible",
    from: '.replaceAll(joiners, "")',
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "word-joined",
    from: ', plain.replaceAll(/(?<=\\S) (?=\\S)/g, "")',
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "word-capitals",
    from: '.replaceAll(/(\\p{Ll})(?=\\p{Lu})/gu, "$1 ")',
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "word-separators",
    from: '.replaceAll(/[\\s_./\\\\\\p{Pd}]/gu, " ")',
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "word-case",
    from: ".toUpperCase().toLowerCase()",
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "word-accents",
    from: '.replaceAll(/\\p{M}/gu, "")',
    to: "",
    tests: [scrub, scrubAttack],
  },
  {
    id: "names-unspaced",
    from: "rest = rest.replaceAll(name, mask)",
    to: "rest",
    tests: [scrubNames],
  },
  {
    id: "names-spellings",
    from: "for (const each of spellings) if",
    to: "for (const each of spellings.slice(0, 1)) if",
    tests: [scrubNames],
  },
  {
    id: "names-camel",
    from: "/\\p{Lu}+(?!\\p{Ll})|\\p{Lu}?[\\p{Ll}\\p{M}]+|[^\\p{Lu}\\p{Ll}]+/gu",
    to: "/[^]+/gu",
    tests: [scrubNames],
  },
  {
    id: "names-made-of",
    from: "return madeOf(word, name);",
    to: "return undefined;",
    tests: [scrubNames],
  },
  {
    id: "names-initials",
    from: "initial !== undefined && spelled.length > 1",
    to: "false",
    tests: [scrubNames],
  },
  {
    id: "names-fold",
    from: '.normalize("NFKD").toLowerCase().normalize("NFKD").replaceAll(/\\p{M}/gu, "")',
    to: ".toLowerCase()",
    tests: [scrubNames],
  },
  {
    id: "names-mail",
    from: "at >= 0",
    to: "false",
    tests: [scrubNames],
  },
  {
    id: "home-any",
    from: "anyHome.test(folder) || ",
    to: "",
    tests: [homeFolders],
  },
  {
    id: "home-own",
    from: " || homes.some((home) => folder === comparable(home))",
    to: "",
    tests: [homeFolders],
  },
];
