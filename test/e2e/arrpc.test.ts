import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { codexBinary, makeCodexHome } from "../support/codex-home.ts";
import { codexUser } from "../support/codex-user.ts";
import { startModelService } from "../support/model-service.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(120_000);

interface Shown {
  readonly activity: { readonly details?: string; readonly application_id?: string } | null;
}

test("arRPC, a Discord that others wrote, shows the cards and takes the last one away", async () => {
  await using model = startModelService();
  using home = makeCodexHome({ modelUrl: model.url });
  const shown: Shown[] = [];
  const server = Bun.spawn([process.execPath, resolve(import.meta.dir, "../support/arrpc.ts")], {
    env: { ...home.env, ARRPC_NO_PROCESS_SCANNING: "1" },
    stdout: "pipe",
    stderr: "ignore",
  });
  const reading = eachLine(server.stdout, (line) => {
    if (line.startsWith("{")) shown.push(JSON.parse(line));
  });
  try {
    const socket = join(home.env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
    await waitFor("arRPC's socket", () => existsSync(socket));
    model.hold("chat/0");
    await using terminal = openVirtualTerminal({
      command: [cdp, "codex", "--no-daemon"],
      env: { ...home.env, CDP_CODEX_BIN: codexBinary() },
      cwd: home.project,
    });
    const user = codexUser(terminal, home.path);
    await user.ready();
    await user.submit("story chat");
    await waitFor("a card", () => shown.at(-1)?.activity?.details === "Thinking", 20_000);
    expect(shown.at(-1)?.activity?.application_id).toBe("1470480085453770854");
    model.release("chat/0");
    await user.sees("done");
    await user.quit();
    await waitFor("no card", () => shown.at(-1)?.activity === null);
  } finally {
    server.kill();
    await reading;
  }
});

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
}
