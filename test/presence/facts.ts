import { checkConfig } from "../../src/config/check.ts";
import { type Composed, composeCard, type Person } from "../../src/presence/compose.ts";
import { known } from "../../src/lib/knowledge.ts";
import type { CardFacts, Places } from "../../src/presence/facts.ts";

export const startedAt = 1_790_000_000_000;
export const now = startedAt + 65 * 60_000;
export const person: Person = { home: "/home/ann", names: ["ann"] };

/** A folder that is the root of a repository without further remotes. */
export function inRepository(root: string, mainWorktree = root): Places["folder"] {
  return { kind: "repository", place: { realPath: root, root, mainWorktree }, remotes: [] };
}

/** A file whose place is known, in a folder with nothing that hides it. */
export function fileAt(
  path: string,
  folder: Places["folder"],
  more: Partial<Extract<NonNullable<CardFacts["target"]>, { kind: "file" }>> = {},
): NonNullable<CardFacts["target"]> {
  const place = known({ named: path, path, folder, file: { kind: "nothing" } as const });
  const text = path.split("/").at(-1) ?? "";
  return { kind: "file", text, program: undefined, place, ...more };
}

/** A session that edits a file of a project, with everything known. */
export const session: CardFacts = {
  activity: "editing",
  activitySince: now - 1000,
  open: true,
  target: fileAt("/home/ann/work/cdp/src/session.ts", inRepository("/home/ann/work/cdp")),
  project: "cdp",
  branch: "main",
  repository: {
    host: "github.com",
    owner: "acme",
    name: "cdp",
    url: "https://github.com/acme/cdp",
    credentials: false,
  },
  model: "GPT-5.5",
  effort: "high",
  tokens: 1_234_567,
  context: { used: 45_000, window: 100_000 },
  cost: 1.234,
  quotas: [{ usedPercent: 12, minutes: 300, resetsAt: now + 1_000_000 }],
  plan: "Plus",
  title: "Mend the merger",
  startedAt,
  seenSince: startedAt,
  places: {
    cwd: "/home/ann/work/cdp",
    folder: inRepository("/home/ann/work/cdp"),
    file: { kind: "nothing" },
  },
};

interface Written {
  readonly privacy?: object;
  readonly display?: object;
}

/** The card of these sessions under a config as a person writes it. */
export function compose(sessions: readonly CardFacts[], written: Written, at = now): Composed {
  const { config, problems } = checkConfig(written);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return composeCard({ sessions, config, person, now: at, moment: at });
}
