import { expect, test } from "bun:test";
import { resolve } from "node:path";

const module = resolve(import.meta.dir, "../../src/lib/output.ts");

/** What a process that does this writes to its streams. */
function streamsOf(code: string, text: string) {
  const program = `import { complain, print, printStyled } from ${JSON.stringify(module)};
    const text = process.env.TEXT;
    ${code}`;
  const env = { ...process.env, TEXT: text };
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "-e", program], { env });
  return { out: stdout.toString(), errors: stderr.toString() };
}

const hostile = "a\u001b]0;t\u0007b\u001b[1mc\u009b2J\u202ed\n";
const shown = "a\\u001b]0;t\\u0007b";
const rest = "c\\u009b2J\\u202ed\n";

test("what is printed holds nothing that a terminal would obey", () => {
  const { out, errors } = streamsOf("await print(text);", hostile);
  expect([out, errors]).toEqual([`${shown}\\u001b[1m${rest}`, ""]);
});

test("printed with styles, the styles are all that a terminal obeys", () => {
  const { out, errors } = streamsOf("await printStyled(text);", hostile);
  expect([out, errors]).toEqual([`${shown}\u001b[1m${rest}`, ""]);
});

test("a complaint holds nothing that a terminal would obey", () => {
  const { out, errors } = streamsOf("complain(text);", hostile);
  expect([out, errors]).toEqual(["", `cdp: ${shown}\\u001b[1m${rest}\n`]);
});
