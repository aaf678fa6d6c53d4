import { waitFor } from "../../../test/support/wait-for.ts";
import { existsSync } from "node:fs";
import { type Opening, type RealTerminal, tidy } from "./real-terminal.ts";
import { command, type XServer } from "./x-server.ts";

/**
 * kitty, drawn by the processor where there is no graphics card, driven by its remote control.
 *
 * @param look settings of kitty's own, such as colours
 */
export async function openKitty(
  x: XServer,
  folder: string,
  opening: Opening,
  look: Readonly<Record<string, string>> = {},
): Promise<RealTerminal> {
  const { size, cwd } = opening;
  const env = { ...opening.env, DISPLAY: x.display, LIBGL_ALWAYS_SOFTWARE: "1" };
  const socket = `${folder}/kitty-${size.rows}-${crypto.randomUUID().slice(0, 8)}`;
  const settings = Object.entries({
    allow_remote_control: "socket-only",
    initial_window_width: `${size.cols}c`,
    initial_window_height: `${size.rows}c`,
    remember_window_size: "no",
    scrollback_lines: "200000",
    font_family: "DejaVu Sans Mono",
    font_size: "10",
    cursor_blink_interval: "0",
    window_padding_width: "0",
    confirm_os_window_close: "0",
    update_check_interval: "0",
    shell_integration: "disabled",
    enable_audio_bell: "no",
    ...look,
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const window = Bun.spawn(
    [
      "kitty",
      "--config=NONE",
      "--start-as=normal",
      `--listen-on=unix:${socket}`,
      `--directory=${cwd}`,
      ...settings,
      ...opening.command,
    ],
    { env, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  const end = async (): Promise<void> => {
    window.kill();
    await window.exited;
  };
  const control = (...words: readonly string[]): Promise<string> =>
    command(["kitty", "@", `--to=unix:${socket}`, ...words], env);
  try {
    await waitFor("kitty's window", () => existsSync(socket), 10_000);
    const [{ tabs }]: Listing = JSON.parse(await control("ls"));
    return {
      pid: tabs[0].windows[0].pid,
      screen: async () => tidy(await control("get-text", "--extent=screen")),
      everything: async () => tidy(await control("get-text", "--extent=all")),
      async type(text) {
        await control("send-text", "--", text.replaceAll("\\", "\\\\"));
      },
      async resize({ rows, cols }) {
        await control("resize-os-window", `--width=${cols}`, `--height=${rows}`, "--unit=cells");
      },
      async picture(path) {
        const id = (await command(["xdotool", "search", "--pid", `${window.pid}`], env)).trim();
        await x.picture(id.split("\n").at(-1)!, path);
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** What `kitty @ ls` prints, as far as it is used. */
type Listing = readonly [
  { readonly tabs: readonly [{ readonly windows: readonly [{ readonly pid: number }] }] },
];
