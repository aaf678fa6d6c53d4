import { openTerminal } from "../terminal/terminal.ts";

/** `cdp` without arguments: the dashboard on a terminal, a report in a pipe. Returns the status. */
export async function bare(): Promise<number> {
  using terminal = process.stdout.isTTY ? openTerminal() : undefined;
  if (terminal !== undefined) return await (await import("./dashboard.ts")).dashboard(terminal);
  const { status } = await import("./status.ts");
  await status.run({});
  return 0;
}
