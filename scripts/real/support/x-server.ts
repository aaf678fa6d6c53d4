import { fail } from "./report.ts";

/** An X server without a screen. */
export interface XServer extends AsyncDisposable {
  /** For `DISPLAY`. */
  readonly display: string;
  /** Saves a window as PNG, as it looks with the keyboard's focus. */
  picture(windowId: string, path: string): Promise<void>;
}

export async function startXServer(): Promise<XServer> {
  const server = Bun.spawn(
    ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
    { stdout: "pipe", stderr: "ignore" },
  );
  const display = `:${await firstLine(server.stdout)}`;
  return {
    display,
    async picture(windowId, path) {
      await command(["xdotool", "windowfocus", windowId], { DISPLAY: display });
      await Bun.sleep(300); // The cursor is drawn anew.
      await command(["import", "-display", display, "-window", windowId, path], {});
    },
    async [Symbol.asyncDispose]() {
      server.kill();
      await server.exited;
    },
  };
}

/** Runs a program to its end; resolves with what it printed, throws what it complained of. */
export async function command(
  line: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = Bun.spawn([...line], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return (await child.exited) === 0 ? out : fail(`${line.join(" ")}: ${err}`);
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n")) return text.slice(0, text.indexOf("\n"));
  }
  return fail("Xvfb did not start");
}
