import { dirname } from "node:path";
import { codexUser } from "../../../test/support/codex-user.ts";
import { type CodexHome, codexBinary, makeCodexHome } from "../../../test/support/codex-home.ts";
import { startModelService } from "../../../test/support/model-service.ts";
import { openVirtualTerminal } from "../../../test/support/virtual-terminal.ts";

/** What the real Codex needs, in the shape that the stages here take. */
export interface CodexStage extends AsyncDisposable {
  readonly program: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The folder to start Codex in. */
  readonly cwd: string;
}

export async function openCodexStage(): Promise<CodexStage> {
  await using made = new AsyncDisposableStack();
  const model = made.use(startModelService());
  const home = made.use(makeCodexHome({ modelUrl: model.url }));
  await setUp(home);
  const { TERM: _, ...variables } = home.env; // The terminal says what it is.
  const owned = made.move();
  return {
    program: `exec "${codexBinary()}" --no-daemon -c tui.show_tooltips=false "$@"`,
    // Beneath HOME the project's folder is shown as ~/demo, whatever this clone is called.
    variables: { ...variables, HOME: dirname(home.project) },
    cwd: home.project,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Codex makes its database at its first start. Of two that do so at once in one home, one writes
 * "state db backfill is running" across its own screen.
 */
async function setUp(home: CodexHome): Promise<void> {
  const command = [codexBinary(), "--no-daemon"];
  await using terminal = openVirtualTerminal({ command, env: home.env, cwd: home.project });
  const user = codexUser(terminal, home.path);
  await user.ready();
  await user.quit();
}

/** Makes the same what two runs of Codex never have in common: times, ids, the title's colour. */
export function maskCodex(row: string): string {
  return row
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "THREAD-ID")
    .replaceAll(/\{38;5;\d+\}A short title/g, "A short title")
    .replaceAll(/Worked for \S+ • \d\d:\d\d/g, "Worked for TIME");
}
