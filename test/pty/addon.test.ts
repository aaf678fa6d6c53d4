import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPtyAddon, mapFromMemory } from "../../src/pty/addon.ts";
import { scratchFolder } from "../support/pty-child.ts";

const root = join(import.meta.dir, "..", "..");
let folder = "";
let program = "";

beforeAll(() => {
  folder = scratchFolder("addon");
  program = join(folder, "program");
  compile(join(root, "test", "support", "pty-program.ts"), program);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compile(source: string, outfile: string): void {
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm"];
  const autoload = ["--no-compile-autoload-bunfig", "--no-compile-autoload-dotenv"];
  const command = [process.execPath, "build", ...flags, ...autoload, source, "--outfile", outfile];
  const { exitCode, stderr } = Bun.spawnSync(command, { cwd: root });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

/** Runs the compiled program with an own home, cache and temp folder, and lists what is in them afterwards. */
function start(name: string, choice: string, plant?: (temp: string) => void) {
  const home = join(folder, name);
  mkdirSync(join(home, "tmp"), { recursive: true });
  plant?.(join(home, "tmp"));
  const env = {
    HOME: home,
    TMPDIR: join(home, "tmp"),
    XDG_RUNTIME_DIR: home,
    XDG_CACHE_HOME: home,
  };
  const { stdout, stderr, exitCode } = Bun.spawnSync([program, choice], { cwd: home, env });
  const files = readdirSync(home, { recursive: true, encoding: "utf8" }).toSorted();
  return { output: stdout.toString(), errors: stderr.toString(), exitCode, files };
}

test("a compiled program maps its own addon, and leaves no file", () => {
  expect(start("plain", "auto")).toEqual({
    output: 'node-pty 7 {"code":0}\nmapped\n',
    errors: "",
    exitCode: 0,
    files: ["tmp"],
  });
});

test("nothing is loaded without a pty, nor for Bun's own", () => {
  expect(start("none", "none").output).toBe("not mapped\n");
  expect(start("bun", "bun").output).toBe('bun 7 {"code":0}\nnot mapped\n');
});

test("an extraction planted in the temp folder has no effect", () => {
  // The name that Bun itself would give the extracted addon, from a program that lets Bun extract it.
  const name = nameOfExtraction();
  const planted = Buffer.from("not an addon");
  const { output, files } = start("planted", "auto", (temp) =>
    writeFileSync(join(temp, name), planted, { mode: 0o600 }),
  );
  expect(output).toBe('node-pty 7 {"code":0}\nmapped\n');
  expect(files).toEqual(["tmp", `tmp/${name}`]);
  expect(readFileSync(join(folder, "planted", "tmp", name))).toEqual(planted);
});

function nameOfExtraction(): string {
  const source = join(folder, "extracts.ts");
  const addon = join(
    root,
    "node_modules",
    "node-pty",
    "prebuilds",
    `linux-${process.arch}`,
    "pty.node",
  );
  writeFileSync(source, `require(${JSON.stringify(addon)});`);
  compile(source, join(folder, "extracts"));
  const temp = join(folder, "extracted");
  mkdirSync(temp);
  Bun.spawnSync([join(folder, "extracts")], { env: { TMPDIR: temp } });
  const [name] = readdirSync(temp);
  if (name === undefined)
    throw new Error("Bun extracted nothing: this test no longer tests anything");
  expect(name).toMatch(/^\.bun-\d+-.*\.node$/);
  return name;
}

test("where the addon cannot be mapped, Bun's own pty is used without a word", () => {
  // No file may grow, memory files included; Bun ignores SIGXFSZ.
  const command = ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", program, "node-pty"];
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd: folder, env: {} });
  expect(stdout.toString()).toBe('bun 7 {"code":0}\nnot mapped\n');
  expect([stderr.toString(), exitCode]).toEqual(["", 0]);
});

test("the addon is loaded once", async () => {
  expect(loadPtyAddon()).toBe(loadPtyAddon());
  expect((await loadPtyAddon())?.helper).toBe("");
});

test.each([
  ["nothing", new Uint8Array()],
  ["text", Buffer.from("#!/bin/sh\nexit 1\n")],
  ["another processor's", withMachine(realAddon(), 243)],
])("bytes that are no addon are refused: %s", async (_name, bytes) => {
  const mapping = mapFromMemory(bytes).then(
    () => "mapped",
    () => "refused",
  );
  expect(await mapping).toBe("refused");
});

function realAddon(): Buffer {
  return readFileSync(
    join(root, "node_modules", "node-pty", "prebuilds", `linux-${process.arch}`, "pty.node"),
  );
}

/** ELF's `e_machine`; 243 is RISC-V. */
function withMachine(elf: Buffer, machine: number): Buffer {
  elf.writeUInt16LE(machine, 18);
  return elf;
}
