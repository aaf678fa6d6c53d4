import { existsSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { descendantsOf } from "../../../test/support/processes.ts";
import { waitFor } from "../../../test/support/wait-for.ts";
import { type Opening, type RealTerminal, tidy } from "./real-terminal.ts";
import { command, type XServer } from "./x-server.ts";

/** How long nothing may come before xterm is asked something in between, ms. */
const QUIET_MS = 120;

/**
 * xterm, read by what it prints: `CSI i` prints the screen, `CSI ? 11 i` all that it keeps,
 * both to a program. The sequences are written to its tty from outside, so only while the program
 * in it is silent, which xterm's own log of the output tells.
 */
export async function openXterm(
  x: XServer,
  folder: string,
  opening: Opening,
  options: readonly string[] = [],
): Promise<RealTerminal> {
  const { size, cwd } = opening;
  const env = { ...opening.env, DISPLAY: x.display };
  const name = `${folder}/xterm-${size.rows}-${crypto.randomUUID().slice(0, 8)}`;
  const log = `${name}.log`;
  const resources = [
    "XTerm*allowSendEvents: true",
    `XTerm*printerCommand: cat > "${name}.part" && mv "${name}.part" "${name}.text"`,
    "XTerm*printerAutoClose: true",
    "XTerm*printerExtent: true",
    "XTerm*printAttributes: 0",
    "XTerm*printerFormFeed: false",
    "XTerm*saveLines: 200000",
    "XTerm*cursorBlink: false",
    "XTerm*internalBorder: 1",
  ].flatMap((resource) => ["-xrm", resource]);
  const look = ["-fa", "DejaVu Sans Mono", "-fs", "10", "-bg", "black", "-fg", "gray90", "+sb"];
  const geometry = ["-geometry", `${size.cols}x${size.rows}`, "-tn", "xterm-256color"];
  const window = Bun.spawn(
    [
      "xterm",
      ...geometry,
      "-l",
      "-lf",
      log,
      ...look,
      ...resources,
      ...options,
      "-e",
      ...opening.command,
    ],
    { env, cwd, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  let [pid, tty] = [0, ""];
  await waitFor("the program in xterm", () => {
    pid = descendantsOf(window.pid)[0] ?? 0;
    tty = pid === 0 ? "" : readlinkSync(`/proc/${pid}/fd/0`);
    return tty.startsWith("/dev/pts/");
  });
  const quiet = async (): Promise<void> => {
    await waitFor("silence in xterm", () => {
      return existsSync(log) && Date.now() - statSync(log).mtimeMs > QUIET_MS;
    });
  };
  const print = async (sequence: string): Promise<string[]> => {
    await quiet();
    rmSync(`${name}.text`, { force: true });
    writeFileSync(tty, sequence);
    await waitFor("what xterm prints", () => existsSync(`${name}.text`));
    return tidy(readFileSync(`${name}.text`, "utf8"));
  };
  return {
    pid,
    screen: () => print("\x1b[i"),
    everything: () => print("\x1b[?11i"),
    async type(text) {
      const id = await windowId();
      await command(["xdotool", "windowfocus", id], env);
      const keys = text.split(/(?=[\r\x04])|(?<=[\r\x04])/);
      for (const part of keys) {
        const named = part === "\r" ? "Return" : part === "\x04" ? "ctrl+d" : undefined;
        const line = named === undefined ? ["type", "--", part] : ["key", named];
        await command(["xdotool", ...line], env);
      }
    },
    async resize({ rows, cols }) {
      const to = ["--usehints", await windowId(), `${cols}`, `${rows}`];
      await command(["xdotool", "windowsize", ...to], env);
    },
    picture: async (path) => x.picture(await windowId(), path),
    async [Symbol.asyncDispose]() {
      window.kill();
      await window.exited;
    },
  };

  async function windowId(): Promise<string> {
    const found = await command(["xdotool", "search", "--pid", `${window.pid}`], env);
    return found.trim().split("\n").at(-1)!;
  }
}
