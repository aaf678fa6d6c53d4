// The real Codex in tmux, with `cdp` and without: the same screen, cursor, modes and scrollback.
import { maskCodex, openCodexStage } from "./support/codex-stage.ts";
import { check, finish } from "./support/report.ts";
import { openSideBySide } from "./support/side-by-side.ts";
import { shell } from "./support/stage.ts";

for (const story of ["chat", "shell", "read", "long"]) {
  await check(`Codex in tmux, story ${story}: screen, resize, exit text`, async () => {
    await using codex = await openCodexStage();
    await using both = await openSideBySide({ ...codex, mask: maskCodex, opening: shell });
    await Promise.all([both.bare, both.wrapped].map((it) => it.type(`go 'story ${story}'\r`)));
    await both.step("", /Worked for/);
    await both.resize({ rows: 24, cols: 80 });
    await both.step("", /shortcuts/);
    await both.resize({ rows: 30, cols: 100 });
    await both.step("?", /shortcuts/);
    await both.ends("\x1b\x04", /codex resume .*\n(?:.*\n)*\$$/);
  });
}

/** How often Codex leaves a composer in the scrollback is a matter of moments: bare, twice in five. */
const inlineTries = 6;

for (const story of ["read", "long"]) {
  const run = async (): Promise<void> => {
    await using codex = await openCodexStage();
    await using both = await openSideBySide({
      ...codex,
      program: `${codex.program} --no-alt-screen`,
      mask: maskCodex,
    });
    await both.step("", /shortcuts/);
    const paste = `\x1b[200~story ${story}\x1b[201~`;
    await both.step(paste, new RegExp(`› story ${story}`));
    await both.step("\r", /Worked for/);
    await both.ends("\x04");
  };
  await check(`Codex in tmux with --no-alt-screen, story ${story}`, run, inlineTries);
}

finish();
