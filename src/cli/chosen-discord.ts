import type { Config } from "../config/schema.ts";
import { type Choice, choiceOf, isPath } from "../discord/choice.ts";
import { findSockets } from "../discord/client.ts";
import type { FoundSocket } from "../discord/search.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The sockets among which `display.discord` chooses; a path in it replaces the search. */
export function socketsHere(env: Env, setting: string): Promise<readonly FoundSocket[]> {
  const named = isPath(setting) && !isNamed(env) ? { CDP_DISCORD_SOCKET: setting } : {};
  return findSockets({ ...env, ...named });
}

/** Which of them is meant. */
export function choiceHere(env: Env, setting: string): Choice {
  return isNamed(env) ? { kind: "first" } : choiceOf(setting);
}

/** `CDP_DISCORD_SOCKET` has chosen, whatever the config says. */
function isNamed(env: Env): boolean {
  const named = env["CDP_DISCORD_SOCKET"];
  return named !== undefined && named !== "";
}

/** To whom a card goes. */
export function addressIn({ discord_client_id: clientId, display }: Config): string {
  return `${clientId} ${display.discord}`;
}
