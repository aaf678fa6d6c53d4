import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isBeyondText } from "../../src/pty/as-started.ts";

const scratch = join(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const folder = mkdtempSync(join(scratch, "started-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (words: string) => new TextEncoder().encode(words);

test("only bytes that are not UTF-8 are beyond text", () => {
  const plain = { args: [text("käse"), text("")], env: [text("A=1")], descriptors: [] };
  expect(isBeyondText(plain)).toBe(false);
  expect(isBeyondText({ ...plain, args: [new Uint8Array([0x63, 0xe9])] })).toBe(true);
  expect(isBeyondText({ ...plain, env: [new Uint8Array([0x41, 0x3d, 0xff])] })).toBe(true);
});

/** Runs `becomeProgram` or `runInherited` in a process of its own, started by a shell. */
async function output(how: string, line: string): Promise<string> {
  const program = join(folder, `${how}.ts`);
  const source = join(import.meta.dir, "../../src/pty");
  writeFileSync(
    program,
    `import { asStarted, restoreFileLimit } from "${source}/as-started.ts";
     import { becomeProgram, runInherited } from "${source}/inherited.ts";
     const started = asStarted(2);
     restoreFileLimit();
     const [, , ...args] = process.argv;
     const options = { file: "/bin/sh", args, env: process.env as Record<string, string>, started };
     if ("${how}" === "become") becomeProgram(options);
     process.exit((await runInherited(options) as { code: number }).code);`,
  );
  const script = line.replaceAll("RUN", `'${process.execPath}' '${program}'`);
  const child = Bun.spawn(["sh", "-c", script], { stderr: "inherit" });
  return (await new Response(child.stdout).text()).trim();
}

test.each(["become", "inherit"])("descriptors of the shell reach the program: %s", async (how) => {
  writeFileSync(join(folder, "seven"), "seven");
  expect(await output(how, `RUN -c 'cat <&7' 7<'${folder}/seven'; exit 0`)).toBe("seven");
});

test.each(["become", "inherit"])("the limit of open files is the shell's: %s", async (how) => {
  expect(await output(how, "ulimit -Sn 300; RUN -c 'ulimit -Sn'; exit 0")).toBe("300");
});

test("an argument that is not UTF-8 reaches the program as it is", async () => {
  const line = `RUN -c 'printf %s "$0" | od -An -tx1' "$(printf 'caf\\351')"`;
  expect(await output("become", line)).toBe("63 61 66 e9");
});
