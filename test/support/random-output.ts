import {
  type Arbitrary,
  array,
  constant,
  constantFrom,
  integer,
  oneof,
  string,
  tuple,
} from "fast-check";

const ESC = "\u001b";
const CSI = `${ESC}[`;

const small = integer({ min: 0, max: 14 });
const digits = oneof(small, constantFrom(0, 1, 99, 10 ** 9));

const sequence = (final: string, params: readonly Arbitrary<number>[]): Arbitrary<string> =>
  tuple(...params).map((values) => `${CSI}${values.join(";")}${final}`);

const moves = oneof(
  sequence("H", [small, small]),
  sequence("f", [digits, digits]),
  sequence("d", [digits]),
  constantFrom(...Array.from("ABCDEFGaeIZ`")).chain((final) =>
    sequence(final, [final === "I" || final === "Z" ? small : digits]),
  ),
  constant(`${CSI}H`),
);

const edits = oneof(
  constantFrom("0", "2").map((what) => `${CSI}${what}J`),
  // Not in the last cell of the screen: there xterm.js itself fails.
  constantFrom(`\r${CSI}1J`, `\r${CSI}?1J`),
  constantFrom(0, 1, 2).map((what) => `${CSI}${what}K`),
  constantFrom(`${CSI}?2J`, `${CSI}?J`),
  constantFrom(...Array.from("LMP@XSTb")).chain((final) => sequence(final, [small])),
);

const margins = oneof(
  constant(`${CSI}r`),
  sequence("r", [small, small]),
  sequence("r", [constant(1), small]),
);

const styles = array(
  constantFrom(
    "0",
    "1",
    "2",
    "3",
    "4",
    "4:3",
    "7",
    "9",
    "31",
    "42",
    "38;5;200",
    "48;2;1;2;3",
    "58:5:9",
    "53",
  ),
  {
    minLength: 1,
    maxLength: 3,
  },
).map((params) => `${CSI}${params.join(";")}m`);

const text = oneof(
  string({ unit: constantFrom(...Array.from("abcdefgh qjx")), minLength: 1, maxLength: 12 }),
  string({
    unit: constantFrom("é", "漢", "─", "✅", "🚀", "e\u0301"),
    minLength: 1,
    maxLength: 4,
  }),
  constantFrom("\r", "\n", "\r\n", "\b", "\t", "\n\n\n", "\u000e", "\u000f", "\u0000", "\u007f"),
);

const modes = constantFrom(
  "?7l",
  "?7h",
  "4h",
  "4l",
  "?25l",
  "?25h",
  "?2026h",
  "?2026l",
  "?1000h",
  "?1006h",
  "?1000l",
  "?2004h",
  "?1004h",
  "?1h",
  "?45l",
  "?1;7;25h",
).map((mode) => CSI + mode);

const escapes = constantFrom(
  ...["M", "D", "E", "7", "8", "(0", "(B", ")0", "=", ">", "H", "#8"].map((name) => ESC + name),
  "\u009bH",
  "\u009b3;4H",
  "\u0084",
  `${CSI}!p`,
  `${CSI}s`,
  `${CSI}u`,
);

const strings = constantFrom(
  `${ESC}]0;a title\u0007`,
  `${ESC}Pabc\u0018`,
  `${ESC}_Gi=1;AAAA${ESC}\\`,
  `${ESC}]2;cut${CSI}3;3H`,
  `${CSI}12\u0018`,
  `${CSI}2;${ESC}[5;5H`,
  `${CSI}3\n;4H`,
);

/** Output that a program might write, or should not: sequences small enough to hit a 10-row screen. */
export const randomOutput = array(
  oneof({ weight: 3, arbitrary: text }, moves, edits, margins, styles, modes, escapes, strings),
  {
    minLength: 1,
    maxLength: 30,
  },
).map((pieces) => pieces.join(""));
