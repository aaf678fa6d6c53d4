import type { Config } from "../config/schema.ts";
import type { ActivityKind } from "../session/activity.ts";
import type { Composed } from "./compose.ts";
import type { About } from "./frame.ts";

/** The session that a card is of, as far as its turn depends on it. */
export interface CardSession {
  readonly id: string;
  readonly activity: { readonly kind: ActivityKind; readonly since: number };
}

/** What needs the person: its start goes before all other changes. */
const attentions: ReadonlySet<ActivityKind> = new Set(["approval", "question", "error", "limited"]);

/**
 * What the publisher has to know of a composed card. Each config counts as another privacy: which
 * of its keys changed what may be shown is not known for certain.
 *
 * @param session the one that the card is of; `undefined` for none, or several together
 */
export function aboutCard(
  { level }: Pick<Composed, "level">,
  session: CardSession | undefined,
  config: Config,
): About {
  const privacy = `${numberOf(config)} ${level}`;
  if (session === undefined) return { level, privacy };
  const { id, activity } = session;
  const { kind, since } = activity;
  return {
    level,
    privacy,
    attention: attentions.has(kind) ? `${id} ${kind} ${since}` : undefined,
    starting: kind === "starting",
  };
}

const numbers = new WeakMap<Config, number>();
let configs = 0;

function numberOf(config: Config): number {
  const known = numbers.get(config);
  if (known !== undefined) return known;
  configs += 1;
  numbers.set(config, configs);
  return configs;
}
