import { expect, test } from "bun:test";
import {
  isToken,
  type Launch,
  type LaunchFacts,
  planLaunch,
  terminalPrograms,
} from "../../src/instance/relaunch-plan.ts";

const launcher: LaunchFacts = {
  outputIsTerminal: false,
  anyIsTerminal: false,
  hasTerminal: false,
  outputIsRead: false,
  env: { DISPLAY: ":0" },
  platform: "linux",
  pid: 77,
};
const shell = { outputIsTerminal: true, anyIsTerminal: true, hasTerminal: true };

const table: readonly (readonly [string, Partial<LaunchFacts>, Launch])[] = [
  ["a shell", shell, "dashboard"],
  ["a shell over SSH", { ...shell, env: { SSH_TTY: "/dev/pts/1" } }, "dashboard"],
  ["opened by another cdp", { ...shell, env: { CDP_RELAUNCHED: "x" } }, "dashboard"],
  ["a dumb terminal", { ...shell, env: { TERM: "dumb" } }, "report"],
  ["a terminal that is not ours", { ...shell, hasTerminal: false }, "report"],
  ["cdp | tee", { ...shell, outputIsTerminal: false, outputIsRead: true }, "report"],
  ["cdp > file", { anyIsTerminal: true, hasTerminal: true, outputIsRead: true }, "report"],
  ["cdp < /dev/null > /dev/null 2>&1 in a shell", { hasTerminal: true }, "report"],
  ["a pipe without any terminal", { outputIsRead: true }, "report"],
  ["a launcher", {}, "open"],
  ["a launcher under Wayland", { env: { WAYLAND_DISPLAY: "wayland-0" } }, "open"],
  ["a launcher of a systemd desktop", { env: { DISPLAY: ":0", SYSTEMD_EXEC_PID: "5" } }, "open"],
  ["Finder", { env: {}, platform: "darwin" }, "open"],
  ["Explorer", { env: {}, platform: "win32" }, "open"],
  ["CI set to false", { env: { DISPLAY: ":0", CI: "false" } }, "open"],
  ["no display", { env: {} }, "headless"],
  ["an empty display", { env: { DISPLAY: "" } }, "headless"],
  ["a service with a display", { env: { DISPLAY: ":0", SYSTEMD_EXEC_PID: "77" } }, "headless"],
  ["ssh host cdp", { env: { DISPLAY: ":10", SSH_CONNECTION: "a 1 b 2" } }, "report"],
  ["CI", { env: { DISPLAY: ":99", CI: "true" } }, "report"],
  ["opened where no terminal is", { env: { DISPLAY: ":0", CDP_RELAUNCHED: "x" } }, "failed"],
];

test.each(table)("%s", (_, facts, wanted) => {
  expect(planLaunch({ ...launcher, ...facts })).toBe(wanted);
});

const relaunched = {
  self: "/opt/a b/cdp",
  token: "0123456789abcdef",
  envProgram: "/usr/bin/env",
  script: "/c/run.command",
};
const lineOf = (env: LaunchFacts["env"], platform: NodeJS.Platform = "linux") =>
  terminalPrograms(platform, env, relaunched).map(({ program, args }) =>
    [program, ...args].join(" "),
  );
const command = "/usr/bin/env CDP_RELAUNCHED=0123456789abcdef /opt/a b/cdp";

test("every Linux terminal gets the command as it wants it", () => {
  expect(lineOf({})).toEqual([
    `xdg-terminal-exec ${command}`,
    `x-terminal-emulator -e ${command}`,
    `gnome-terminal -- ${command}`,
    `konsole -e ${command}`,
    `xfce4-terminal -x ${command}`,
    `kitty ${command}`,
    `alacritty -e ${command}`,
    `wezterm start -- ${command}`,
    `foot ${command}`,
  ]);
});

test.each([
  ["xterm", `xterm -e ${command}`],
  ["/usr/bin/gnome-terminal", `/usr/bin/gnome-terminal -- ${command}`],
  [" kitty  -1 ", `kitty -1 ${command}`],
  ["constructor", `constructor -e ${command}`],
])("$TERMINAL %p comes first", (terminal, wanted) => {
  expect(lineOf({ TERMINAL: terminal })[0]).toBe(wanted);
});

test("$TERMINAL may be a path with spaces", () => {
  const [parted, whole] = lineOf({ TERMINAL: "/opt/my tools/kitty" });
  expect(parted).toBe(`/opt/my tools/kitty -e ${command}`);
  expect(whole).toBe(`/opt/my tools/kitty ${command}`);
});

test("a terminal that is running already is told whose home it is", () => {
  const [first] = lineOf({ CODEX_HOME: "/h" });
  expect(first).toContain("CDP_RELAUNCHED=0123456789abcdef CODEX_HOME=/h /opt/a b/cdp");
});

test("macOS opens a file, Windows the program", () => {
  expect(lineOf({}, "darwin")).toEqual([
    "open -a iTerm /c/run.command",
    "open -a Terminal /c/run.command",
  ]);
  expect(lineOf({}, "win32")).toEqual(["wt.exe new-tab /opt/a b/cdp", "conhost.exe /opt/a b/cdp"]);
});

test.each([
  ["0b0f8c3e-0000-4000-8000-000000000000", true],
  ["../../../etc/passwd", false],
  ["", false],
  [undefined, false],
])("token %p: %p", (text, wanted) => {
  expect(isToken(text)).toBe(wanted);
});
