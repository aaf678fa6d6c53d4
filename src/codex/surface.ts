/** Through which program a person uses Codex. */
export type Surface = "cli" | "vscode" | "app" | "exec" | "unknown";

/**
 * The surface of a session, by what its `session_meta` says. The originator decides: a terminal
 * session that runs in Codex's daemon says its source is "vscode", like everything that goes
 * through the app server. A sub-agent has its parent's originator.
 *
 * @param originator the client's own name: "codex-tui", "codex_vscode", "codex_exec" …
 * @param source "cli", "vscode", "exec", "mcp", or the kind of a sub-agent
 */
export function surfaceOf(originator: string | undefined, source: string | undefined): Surface {
  const name = normalised(originator);
  return byOriginator(name) ?? bySource(normalised(source), name !== "");
}

const originators: readonly (readonly [RegExp, Surface])[] = [
  [/(^|-)(tui|cli)(-|$)/, "cli"],
  // The SDKs run `codex exec`.
  [/(^|-)(exec|sdk)(-|$)/, "exec"],
  [/(^|-)(vscode|vs-code)(-|$)/, "vscode"],
  [/(^|-)(app|desktop|atlas|mac|macos|windows)(-|$)/, "app"],
];

function byOriginator(name: string): Surface | undefined {
  return originators.find(([pattern]) => pattern.test(name))?.[1];
}

function bySource(source: string, named: boolean): Surface {
  switch (source) {
    case "cli":
    case "exec":
      return source;
    case "vscode":
      // The app server says so for every client; one that has a name of its own is an app.
      return named ? "app" : "vscode";
    case "mcp":
    case "app-server":
    case "appserver":
      return "app";
    default:
      return "unknown";
  }
}

function normalised(name: string | undefined): string {
  return (name ?? "")
    .slice(0, 128)
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
}
