import type { Guard } from "../guard.ts";

const output = "test/lib/output.test.ts";
const log = "test/lib/log.test.ts";
const printable = "test/lib/printable.test.ts";
const text = "test/terminal/text.test.ts";
const head = "test/repository/head.test.ts";
const repositories = "test/repository/repositories.test.ts";

/** What is printed, logged and drawn of text from outside. */
export const textGuards: readonly Guard[] = [
  {
    id: "print-printable",
    from: "written(printable(text))",
    to: "written(text)",
    tests: [output],
  },
  {
    id: "print-styled",
    from: "written(printableStyled(text))",
    to: "written(text)",
    tests: [output],
  },
  {
    id: "complain-printable",
    from: "printable(line)",
    to: "line",
    tests: [output],
  },
  {
    id: "log-one-line",
    from: "printableLine(`${new Date().toISOString()} ${process.pid} ${part}: ${message}`)",
    to: "`${new Date().toISOString()} ${process.pid} ${part}: ${message}`",
    tests: [log],
  },
  {
    id: "log-private",
    from: "openPrivate(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT)",
    to: 'process.getBuiltinModule("node:fs").openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT)',
    tests: [log],
  },
  {
    id: "printable-pictures",
    from: "\\u200D(?!\\p{Extended_Pictographic})|",
    to: "",
    tests: [printable],
  },
  {
    id: "printable-joiner",
    from: "(?<!\\p{Extended_Pictographic}[\\u{1F3FB}-\\u{1F3FF}]?\\uFE0F?)\\u200D|",
    to: "",
    tests: [printable],
  },
  {
    id: "json-escaped",
    from: 'character === "\\n" ? character : escaped(character)',
    to: "character",
    tests: [printable],
  },
  {
    id: "styled-parts",
    from: "index % 2 === 1 ? part : printable(part)",
    to: "part",
    tests: [printable],
  },
  {
    id: "drawn-unseen",
    from: '.replaceAll(UNSEEN, "")',
    to: "",
    tests: [text],
  },
  {
    id: "drawn-lines",
    from: '.replaceAll(WHITE_SPACE, " ")',
    to: "",
    tests: [text],
  },
  {
    id: "drawn-length",
    from: ".slice(0, limit)",
    to: "",
    tests: [text],
  },
  {
    id: "drawn-marks",
    from: '.replaceAll(SURPLUS_MARKS, "$1")',
    to: "",
    tests: [text],
  },
  {
    id: "name-unseen",
    from: '.replaceAll(/[\\p{C}\\p{Zl}\\p{Zp}]/gu, "")',
    to: "",
    tests: [head, repositories],
  },
  {
    id: "name-length",
    from: "characters.length <= maxName",
    to: "true",
    tests: [head, repositories],
  },
];
