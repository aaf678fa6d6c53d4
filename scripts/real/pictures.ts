// Takes the pictures in docs/pictures: `scripts/real/run pictures`. Not part of a plain run.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { openCodexStage } from "./support/codex-stage.ts";
import { openKitty } from "./support/kitty.ts";
import { settled } from "./support/real-terminal.ts";
import { check, finish } from "./support/report.ts";
import { openStage, shell } from "./support/stage.ts";
import { openVte } from "./support/vte.ts";
import { command, startXServer } from "./support/x-server.ts";
import { openXterm } from "./support/xterm.ts";

const pictures = [
  { name: "xterm", open: openXterm, story: "patch", shows: /Worked for/ },
  { name: "vte", open: openVte, story: "build", shows: undefined },
  { name: "kitty", open: openKitty, story: "read", shows: /Worked for/ },
] as const;

const folder = resolve(import.meta.dir, "../../docs/pictures");
mkdirSync(folder, { recursive: true });
await using x = await startXServer();
for (const { name, open, story, shows } of pictures) {
  await check(`docs/pictures/${name}.png`, async () => {
    await using codex = await openCodexStage();
    using stage = openStage(codex.program, codex.variables);
    const socket = join(stage.env("cdp")["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
    await using _discord = await FakeDiscord.start({ path: socket, faults: {} });
    const opening = shell(stage, "cdp", { rows: 24, cols: 90 });
    await using terminal = await open(x, stage.folder, { ...opening, cwd: codex.cwd });
    await settled(terminal, /^\$/m);
    await terminal.type(`go 'story ${story}'\r`);
    if (shows === undefined) await Bun.sleep(4000); // It never rests while a command runs.
    else await settled(terminal, shows);
    await Bun.sleep(1500); // Discord's answer is shown.
    const path = join(folder, `${name}.png`);
    await terminal.picture?.(path);
    await command(["mogrify", "-strip", "-colors", "64", path], {});
  });
}
finish();
