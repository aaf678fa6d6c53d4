import type { Answer } from "../instance/request.ts";
import type { Json } from "../instance/message.ts";
import type { LinkStatus } from "../discord/link.ts";
import type { EngineState } from "./engine.ts";

const linkStates = ["connected", "connecting", "absent", "refused", "unknown"] as const;

/**
 * `presence` of `cdp status --json`: what the publisher says over the control socket. It holds the
 * card as others see it, and nothing that the config withholds.
 */
export function presenceJson({ discord, composed, config }: EngineState): Json {
  const card = composed?.card;
  return {
    paused: config.config.display.paused,
    discord: discord.discord,
    reason: discord.reason,
    level: composed?.level ?? config.config.privacy.level,
    last_sent_at: discord.acceptedAt ?? null,
    card: card === undefined ? null : { details: card.details, state: card.state ?? null },
    why: [...(composed?.why ?? [])],
  };
}

/** Discord's state in a publisher's answer. */
export function discordIn(answer: Answer): LinkStatus {
  if (answer.kind !== "answered") return "unknown";
  const { value } = answer;
  const named =
    typeof value === "object" && value !== null && "discord" in value
      ? value["discord"]
      : undefined;
  return linkStates.find((state) => state === named) ?? "unknown";
}
