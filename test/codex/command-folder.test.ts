import { expect, test } from "bun:test";
import { createRolloutReader } from "../../src/codex/events.ts";
import { encoder, event, item, type Line, response, timestamp } from "./lines.ts";

/** Where the file is that a line tells of; `undefined` where that is not known. */
function pathIn([type, payload]: Line): string | undefined {
  const line = encoder.encode(JSON.stringify({ timestamp, type, payload }));
  const [told] = createRolloutReader().read(line);
  const work = told !== undefined && "work" in told ? told.work : undefined;
  expect(work?.target).toBe("a.ts");
  return work?.path;
}

const cat = ["cat", "a.ts"];
const long = [...cat, "x".repeat(9000)];
const lines = {
  begin: (more: object) => event("exec_command_begin", { call_id: "c1", ...more }),
  end: (more: object) => event("exec_command_end", { call_id: "c1", ...more }),
  item: (more: object) => item("CommandExecution", more),
} as const;

test.each(Object.entries(lines))("a command's %s says where its file is", (_, line) => {
  expect(pathIn(line({ command: cat }))).toBe("a.ts");
  expect(pathIn(line({ command: cat, cwd: "/out" }))).toBe("/out/a.ts");
  expect(pathIn(line({ command: cat, cwd: "file:///o%20t" }))).toBe("/o t/a.ts");
  expect(pathIn(line({ command: cat, cwd: "file:///C:/out" }))).toBe("C:/out/a.ts");
});

test.each(Object.entries(lines))("a command's %s does not where that is not certain", (_, line) => {
  for (const cwd of ["https://x.example/y", "file:///%", "~/out"]) {
    expect(pathIn(line({ command: cat, cwd }))).toBeUndefined();
  }
  // Of a line that is long the folder, which stands behind the command, is cut off.
  expect(pathIn(line({ command: long }))).toBeUndefined();
  expect(pathIn(line({ command: long, cwd: "/out" }))).toBe("/out/a.ts");
});

test("an older call names its folder by another word", () => {
  const shell = (action: object): Line => response("local_shell_call", { call_id: "c1", action });
  expect(pathIn(shell({ command: cat }))).toBe("a.ts");
  expect(pathIn(shell({ command: cat, working_directory: "/out" }))).toBe("/out/a.ts");
  expect(pathIn(shell({ command: long }))).toBeUndefined();
});

test("arguments that are longer than what is read of a line do not tell where it runs", () => {
  const cmd = `cat > a.ts <<EOF\n${"x\n".repeat(200_000)}EOF`;
  const args = JSON.stringify({ cmd, workdir: "/out" });
  const call = { name: "exec_command", arguments: args, call_id: "c1" };
  expect(pathIn(response("function_call", call))).toBeUndefined();
});
