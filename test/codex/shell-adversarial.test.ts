import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workOfCommand } from "../../src/codex/shell-command.ts";

/** Commands (JSON, one a line) below what they are: `# running npm test`. */
const written = readFileSync(join(import.meta.dir, "../fixtures/shell-commands.txt"), "utf8");

function groups(): readonly (readonly [expected: string, commands: readonly string[]])[] {
  return written.split(/^# /m).flatMap((part) => {
    const [expected = "", ...commands] = part.split("\n").filter((line) => line !== "");
    return expected === "" ? [] : [[expected, commands] as const];
  });
}

const told = (command: string | readonly string[]): string => {
  const { kind, target } = workOfCommand(command);
  return target === undefined ? kind : `${kind} ${target}`;
};

test("there are hundreds of them", () => {
  expect(groups().flatMap(([, commands]) => commands).length).toBeGreaterThan(600);
});

test.each([...groups()])("%s", (expected, commands) => {
  const wrong = commands.filter((line) => told(JSON.parse(line)) !== expected);
  expect(wrong.map((line) => `${line} is ${told(JSON.parse(line))}`)).toEqual([]);
});

/** What must never be told: an argument, value, pattern, address or secret. */
const mark = "Zq9";
const values = fc.constantFrom(
  mark,
  `https://${mark}.example/${mark}?${mark}`,
  `/home/${mark}/${mark}/${mark}`,
  `user:${mark}@host`,
  `'${mark} words'`,
  `"$(${mark})"`,
  `\\"${mark}\\"`,
  `${mark}=${mark}`,
  `*${mark}*`,
  `{${mark},x}`,
  `@${mark}/x`,
);
const option = fc.oneof(
  values.map((value) => `--token ${value}`),
  values.map((value) => `--${mark}=${value}`),
  values.map((value) => `--anything ${value}`),
  values.map((value) => `-x ${value}`),
  fc.constantFrom("-v", "--", "-", "-abc", "--no-color"),
  values,
);
/** Programs none of whose arguments is ever told. */
const program = fc.constantFrom(
  ..."rg grep find git npm pnpm cargo curl psql docker kubectl make pytest ls ssh gh npx".split(
    " ",
  ),
  "git log",
  "git -C x commit -m",
  "npm run",
  "npm exec --",
  "uv run",
  "docker compose",
  "python -c",
  "python -m",
  "powershell -File",
  "sed -n",
  "jq --arg x",
  "perl -ne",
);
const before = fc.constantFrom(
  "",
  `A=${mark} `,
  `sudo -u ${mark} `,
  `env -i B=${mark} `,
  `timeout 5 nice -n 5 `,
  `cd /x/${mark} && `,
  `export T=${mark}; `,
  `[ -f ${mark} ] && `,
  `[[ $x =~ (${mark}|b) ]] && `,
  `if test -e ${mark}; then `,
  `for f in ${mark} b; do `,
  `case ${mark} in ${mark}) `,
  `x=(${mark} b); `,
  `f() { `,
  `cat <<'EOF' >/dev/null\n${mark}\nEOF\n`,
);

test("whatever stands around a program, none of its arguments is told", () => {
  const around = fc.tuple(before, before, program, fc.array(option, { maxLength: 5 }));
  fc.assert(
    fc.property(around, fc.nat(2), ([one, other, name, options], shell) => {
      // sed, jq and perl are given a script first: the file after it may be told.
      const script = /^(?:sed|jq)/.test(name) ? options.slice(0, 1) : options;
      const line = `${one}${other}${name} ${script.join(" ")}`;
      const command = [line, ["bash", "-lc", line], ["/bin/sh", "-c", `(${line}) | tail`]][shell]!;
      expect(workOfCommand(command).target ?? "").not.toContain(mark);
    }),
    { numRuns: 2000 },
  );
});
