import { expect, test } from "bun:test";
import { workOfCommand } from "../../src/codex/shell-command.ts";
import { workOfCall } from "../../src/codex/tool.ts";

/** A file that is run is judged by its place, like one that is read or written. */
const files: readonly (readonly [command: string, path: string, program: string | undefined])[] = [
  ["python3 /out/plan.py", "/out/plan.py", "python3"],
  ["python3 -u ../out/plan.py --all", "../out/plan.py", "python3"],
  ["node ../../plan.js", "../../plan.js", "node"],
  ["php tools/plan.php", "tools/plan.php", "php"],
  ["bash -lc 'python3 link/plan.py'", "link/plan.py", "python3"],
  ["uv run tools/plan.py", "tools/plan.py", "python"],
  ["npx tsx src/plan.ts", "src/plan.ts", "tsx"],
  ["bash /out/plan.sh", "/out/plan.sh", "bash"],
  ["sh ./plan.sh", "./plan.sh", "sh"],
  ["/out/plan", "/out/plan", undefined],
  ["./link/plan --now", "./link/plan", undefined],
  ["sudo bin/plan", "bin/plan", undefined],
  ["env A=1 nohup ./plan &", "./plan", undefined],
];

test.each(files)("%s is told with the file's place", (command, path, program) => {
  const target = path.split("/").at(-1) ?? "";
  const beside = program === undefined ? {} : { program };
  expect(workOfCommand(command)).toEqual({ kind: "running", target, path, ...beside });
});

const unplaced: readonly (readonly [command: string, target: string | undefined])[] = [
  ["~/bin/plan", undefined],
  ["python3 ~/plan.py", "python3"],
  ["cd ../out && python3 plan.py", "python3"],
  ["cd ../out && ./plan", undefined],
  ["(pushd /out; bash plan.sh)", "bash"],
  ["env -C /out ./plan", undefined],
  ["sudo -i python3 plan.py", "python3"],
  ["env -vC /out ./plan", undefined],
  ["env -C/out ./plan", undefined],
  ["sudo -nD /out ./plan", undefined],
  ["sudo --chdir=/out ./plan", undefined],
  ["systemd-run --working-directory=/out ./plan", undefined],
  ["systemd-run -p WorkingDirectory=/out ./plan", undefined],
  ["runuser -l bob ./plan", undefined],
  ["wsl --cd /out python3 plan.py", "python3"],
  ["uv run --directory ../out python plan.py", "python"],
  ["uv --directory ../out run plan.py", "python"],
  ["poetry -C ../out run python plan.py", "python"],
  ["pdm -p ../out run python plan.py", "python"],
  ["npm --prefix ../out exec node plan.js", "node"],
  ["npm exec --workspace web -- node plan.js", "node"],
  ["npm exec -w web -- node plan.js", "node"],
  ["pnpm -C ../out exec node plan.js", "node"],
  ["pnpm --dir ../out exec tsx plan.ts", "tsx"],
  ["pnpm -r exec node plan.js", "node"],
  ["pnpm --filter web exec node plan.js", "node"],
  ["source ./go.sh; ./plan", undefined],
  [". go.sh && python3 plan.py", "python3"],
];

test("what is read into the shell by everybody moves nothing", () => {
  const work = { kind: "running", target: "plan.py", path: "plan.py", program: "python3" };
  for (const file of [".venv/bin/activate", "venv/bin/activate.fish", ".env"]) {
    expect(workOfCommand(`source ${file} && python3 plan.py`)).toEqual({
      ...work,
      kind: "running",
    });
  }
  expect(workOfCommand("timeout 5 python3 plan.py")).toEqual({ ...work, kind: "running" });
});

test.each(unplaced)("%s: the place is not known, so the file is not named", (command, target) => {
  const wanted = target === undefined ? {} : { target };
  expect(workOfCommand(command)).toEqual({ kind: "running", ...wanted });
});

test("a working folder of the call is part of the place", () => {
  const input = JSON.stringify({ cmd: "python3 plan.py", workdir: "/out" });
  expect(workOfCall({ name: "exec_command", input }).work).toEqual({
    kind: "running",
    target: "plan.py",
    path: "/out/plan.py",
    program: "python3",
  });
});

const placed = (input: object, more: object = {}): unknown =>
  workOfCall({ name: "local_shell", input: JSON.stringify(input), ...more }).work;

test("so is one that Codex's older call has, and what may be cut off is not known", () => {
  const command = ["cat", "a.ts"];
  const inside = { kind: "reading", target: "a.ts" } as const;
  expect(placed({ command })).toEqual({ ...inside, path: "a.ts" });
  expect(placed({ command, working_directory: null })).toEqual({ ...inside, path: "a.ts" });
  expect(placed({ command, working_directory: "/out" })).toEqual({ ...inside, path: "/out/a.ts" });
  expect(placed({ command }, { isCut: true })).toEqual(inside);
  const cut = JSON.stringify({ cmd: "cat a.ts" }).slice(0, -2);
  expect(workOfCall({ name: "exec_command", input: cut }).work).toEqual(inside);
});

test("programs that everybody knows are named by any path", () => {
  expect(workOfCommand("/usr/bin/git status")).toEqual({ kind: "reading", target: "git status" });
  expect(workOfCommand("./node_modules/.bin/vitest")).toEqual({
    kind: "running",
    target: "vitest",
    path: "./node_modules/.bin/vitest",
  });
  expect(workOfCommand("deploy now")).toEqual({ kind: "running", target: "deploy" });
});
