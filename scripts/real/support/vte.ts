import { join } from "node:path";
import { fail } from "./report.ts";
import { type Opening, type RealTerminal, tidy } from "./real-terminal.ts";
import { command, type XServer } from "./x-server.ts";

/** VTE's terminal widget in a window (vte.py). */
export async function openVte(
  x: XServer,
  _folder: string,
  opening: Opening,
): Promise<RealTerminal> {
  const { size, env, cwd } = opening;
  const window = Bun.spawn(
    [
      "/usr/bin/python3",
      join(import.meta.dir, "vte.py"),
      `${size.rows}`,
      `${size.cols}`,
      cwd,
      ...opening.command,
    ],
    {
      env: { ...env, DISPLAY: x.display, GSETTINGS_BACKEND: "memory", NO_AT_BRIDGE: "1" },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "ignore",
    },
  );
  const answers = lines(window.stdout);
  const answer = async (): Promise<unknown> => {
    const { value, done } = await answers.next();
    return done === true ? fail("VTE's window is gone") : JSON.parse(value);
  };
  let turn: Promise<unknown> = answer();
  const ask = (...words: readonly unknown[]): Promise<unknown> => {
    turn = turn.then(async () => {
      await window.stdin.write(`${JSON.stringify(words)}\n`);
      await window.stdin.flush();
      return await answer();
    });
    return turn;
  };
  const rowsOf = (text: unknown): string[] => tidy(String(text));
  return {
    pid: Number(await turn),
    screen: async () => rowsOf(await ask("screen")),
    everything: async () => rowsOf(await ask("everything")),
    async type(text) {
      await ask("type", text);
    },
    async resize({ rows, cols }) {
      await ask("resize", rows, cols);
    },
    async picture(path) {
      const found = await command(["xdotool", "search", "--pid", `${window.pid}`], {
        DISPLAY: x.display,
      });
      await x.picture(found.trim().split("\n").at(-1)!, path);
    },
    async [Symbol.asyncDispose]() {
      window.kill();
      await window.exited;
    },
  };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.split("\n");
    text = whole.pop() ?? "";
    yield* whole;
  }
}
