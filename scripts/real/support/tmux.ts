import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { fail } from "./report.ts";
import { styledRows } from "./styled-rows.ts";
import { type Opening, type RealTerminal, tidy } from "./real-terminal.ts";

/** A pane's state as tmux tells it, beyond its text. */
export interface TmuxState {
  readonly row: number;
  readonly col: number;
  readonly alternateScreen: boolean;
  readonly cursorShown: boolean;
  readonly title: string;
  /** Modes that a program may have left on. */
  readonly modes: string;
}

export interface TmuxTerminal extends RealTerminal {
  /** Screen rows with their colours and attributes. */
  styledScreen(): Promise<string[]>;
  state(): Promise<TmuxState>;
}

/** A tmux server of its own, without anybody's configuration. */
export interface Tmux extends AsyncDisposable {
  open(opening: Opening): Promise<TmuxTerminal>;
}

/** Lines that a tmux pane keeps. */
export const TMUX_HISTORY = 200_000;

const configuration = [
  "set -g status off",
  "set -g exit-empty off",
  "set -g escape-time 0",
  "set -g default-terminal tmux-256color",
  "set -g remain-on-exit off",
  `set -g history-limit ${TMUX_HISTORY}`,
  "",
].join("\n");

/** @param folder for the server's socket and configuration */
export async function startTmux(folder: string, env: Opening["env"]): Promise<Tmux> {
  const file = join(folder, "tmux.conf");
  writeFileSync(file, configuration);
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const command = ["tmux", "-S", join(folder, "tmux"), "-f", file, ...args];
    const child = Bun.spawn(command, { env: { ...env }, stdout: "pipe", stderr: "pipe" });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    return (await child.exited) === 0 ? out : fail(`tmux ${args.join(" ")}: ${err}`);
  };
  let opened = 0;
  return {
    async open({ size, command, env: variables, cwd }) {
      opened += 1;
      const name = `=${opened}`;
      const set = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
      const at = ["-s", `${opened}`, "-x", `${size.cols}`, "-y", `${size.rows}`, "-c", cwd];
      await tmux("new-session", "-d", ...at, "env", ...set, ...command);
      return tmuxTerminal(tmux, `${name}:`);
    },
    async [Symbol.asyncDispose]() {
      await tmux("kill-server").catch(() => undefined); // It may have gone with its last pane.
    },
  };
}

async function tmuxTerminal(
  tmux: (...args: readonly string[]) => Promise<string>,
  target: string,
): Promise<TmuxTerminal> {
  const tell = async (format: string): Promise<string> =>
    (await tmux("display-message", "-p", "-t", target, format)).trimEnd();
  const capture = (...options: readonly string[]): Promise<string> =>
    tmux("capture-pane", "-p", "-t", target, ...options);
  return {
    pid: Number(await tell("#{pane_pid}")),
    screen: async () => rowsOf(await capture()),
    styledScreen: async () => styledRows(rowsOf(await capture("-e"))),
    everything: async () => tidy(await capture("-S", "-")),
    async type(text) {
      const hex = [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, "0"));
      await tmux("send-keys", "-t", target, "-H", ...hex);
    },
    async resize({ rows, cols }) {
      await tmux("resize-window", "-t", target, "-x", `${cols}`, "-y", `${rows}`);
    },
    async state() {
      const told = await tell(stateFormat);
      const [row, col, alternate, shown, modes = "", title = ""] = told.split("\t");
      return {
        row: Number(row),
        col: Number(col),
        alternateScreen: alternate === "1",
        cursorShown: shown === "1",
        title,
        modes,
      };
    },
    async [Symbol.asyncDispose]() {
      await tmux("kill-session", "-t", target).catch(() => undefined); // Its shell has ended.
    },
  };
}

const stateFormat = [
  "#{cursor_y}",
  "#{cursor_x}",
  "#{alternate_on}",
  "#{cursor_flag}",
  "insert=#{insert_flag} keypad=#{keypad_flag} cursor-keys=#{keypad_cursor_flag} wrap=#{wrap_flag} " +
    "mouse=#{mouse_any_flag}#{mouse_button_flag}#{mouse_standard_flag}" +
    "#{mouse_sgr_flag}#{mouse_utf8_flag} shape=#{cursor_shape}",
  "#{pane_title}",
].join("\t");

const rowsOf = (text: string): string[] =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((row) => row.trimEnd());
