import { expect, test } from "bun:test";
import { workOfCall } from "../../src/codex/tool.ts";

const told = (input: string): string => {
  const { kind, target } = workOfCall({ name: "exec", input }).work;
  return target === undefined ? kind : `${kind} ${target}`;
};

// Programs as models write them.
test.each<[string, string]>([
  ['const r = await tools.exec_command({cmd: "npm test"});\ntext(r.output);', "running npm test"],
  ['await tools.exec_command({"cmd": "npm test", "yield_time_ms": 1000})', "running npm test"],
  ["await tools.exec_command({ yield_time_ms: 10_000, cmd: 'cat src/a.ts' })", "reading a.ts"],
  ["await tools.exec_command({cmd: `sed -n '1,200p' src/a.ts`})", "reading a.ts"],
  ["await tools.exec_command({cmd: String.raw`rg \\bsecret\\b src`})", "searching rg"],
  ['await tools.exec_command({cmd: "bash -lc \\"cat \'a b.ts\'\\""})', "reading a b.ts"],
  ["await tools.exec_command({cmd: \"cat <<'EOF' > a.ts\\nsecret\\nEOF\"})", "editing a.ts"],
  ['await tools.exec_command({cmd: "cd x && TOKEN=abc npm run build"})', "running npm run build"],
  // What is put together while the program runs is not known.
  ["await tools.exec_command({cmd: `cat src/${name}.ts`})", "reading"],
  ["await tools.exec_command({cmd: `cat ${dir}/a.ts`})", "reading"],
  ['await tools.exec_command({cmd: "cat src/" + name})', "reading"],
  ['await tools.exec_command({cmd: "cat " + JSON.stringify(path)})', "reading"],
  ["await tools.exec_command({cmd: `${program} --token abc`})", "running"],
  ["await tools.exec_command({cmd: command})", "running"],
  ["await tools.exec_command({cmd: build('npm test')})", "running"],
  // A name that is given a literal above.
  ['const cmd = "npm test";\nawait tools.exec_command({cmd});', "running npm test"],
  [
    'const cmd = "npm test";\nawait tools.exec_command({ cmd, workdir: "/x" });',
    "running npm test",
  ],
  ["let line = 'git rebase main'; await tools.exec_command({cmd: line})", "running git rebase"],
  ["const cmd = make('x'); await tools.exec_command({cmd})", "running"],
  // Several: the first that says more than that something runs.
  [
    'await Promise.all([tools.exec_command({cmd: "cat a.ts"}), tools.exec_command({cmd: "ls"})])',
    "reading a.ts",
  ],
  ["for (const f of fs) await tools.exec_command({cmd: f}); tools.update_plan({})", "planning"],
  // Patches.
  ['await tools.apply_patch("*** Begin Patch\\n*** Update File: src/a.ts\\n@@")', "editing a.ts"],
  [
    "const patch = `*** Begin Patch\n*** Add File: src/b.ts\n+secret\n*** End Patch`;\nawait tools.apply_patch(patch);",
    "editing b.ts",
  ],
  ["await tools.apply_patch(patch)", "editing"],
  // Other tools.
  ["await tools.mcp__docs__search({q: 'secret'})", "tool docs.search"],
  ["await tools.view_image({path: '/x/secret.png'})", "reading"],
  ["await tools.web_search({query: 'secret'})", "searching"],
  ["await tools.write_stdin({session_id: 1, chars: 'secret'})", "running"],
  ["await tools.spawn_agent({message: 'secret'})", "delegating"],
  ["await tools.wait({cell_id: 1})", "running"],
  // No call, or none that can be read.
  ["text('hello')", "running"],
  ["", "running"],
  ["tools.exec_command(", "running"],
  ['tools.exec_command({cmd: "unfinished', "running"],
  ["tools.constructor({})", "tool constructor"],
])("%s", (program, expected) => {
  expect(told(program)).toBe(expected);
});

test("a command elsewhere names its file, but not its place", () => {
  const { work } = workOfCall({
    name: "exec",
    input: 'await tools.exec_command({cmd: "cat a.ts", workdir: "/elsewhere"})',
  });
  expect(work).toEqual({ kind: "reading", target: "a.ts" });
});

test.each([
  `await tools.exec_command({cmd: "cat a.ts # ${"x".repeat(3000)}", workdir: "/elsewhere"})`,
  `await tools.exec_command({cmd: "cat a.ts # ${"x".repeat(9000)}"})`,
  'const o = {workdir: "/elsewhere"}; await tools.exec_command({cmd: "cat a.ts", ...o})',
  'await tools.exec_command({cmd: "cat a.ts", ...options})',
])("nor does one whose folder may stand anywhere in the program", (input) => {
  const { work } = workOfCall({ name: "exec", input });
  expect(work).toEqual({ kind: "reading", target: "a.ts" });
});

// What takes quadratic time does not end within the limit of a test.
test("no program takes long, however it is written", () => {
  for (const part of [
    "tools.exec_command({cmd: ",
    "tools.exec_command({cmd:'",
    "{",
    '"\\',
    "${",
    "const cmd = ",
  ]) {
    told(part.repeat(20_000));
    told(`tools.exec_command({${part.repeat(20_000)}`);
  }
});
