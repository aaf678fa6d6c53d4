import * as v from "valibot";
import type { LinkStatus } from "../discord/link.ts";
import type { Json } from "../instance/message.ts";
import type { Answer } from "../instance/request.ts";
import { toActivity } from "../presence/activity.ts";
import type { PresenceView } from "../ui/report.ts";
import type { EngineState } from "./engine.ts";
import { toldOf } from "./told.ts";

/**
 * What the publisher says of itself over the control socket. It holds the card as others see it, and
 * of all sessions what kind of thing they do: nothing that the config withholds.
 */
export function presenceJson({ list, discord, composed, config }: EngineState): Json {
  const card = composed?.card;
  return {
    paused: config.config.display.paused,
    discord: discord.discord,
    reason: discord.reason,
    level: composed?.level ?? config.config.privacy.level,
    last_sent_at: discord.acceptedAt ?? null,
    why: [...(composed?.why ?? [])],
    payload: card === undefined ? null : JSON.stringify(toActivity(card).activity),
    sessions: toldOf(list, composed?.shown),
  };
}

const text = v.pipe(v.string(), v.maxLength(1024));

const presenceSchema = v.object({
  paused: v.boolean(),
  discord: v.picklist(["connected", "connecting", "absent", "refused", "unknown"]),
  reason: text,
  level: text,
  last_sent_at: v.nullable(v.number()),
  why: v.pipe(v.array(text), v.maxLength(64)),
  payload: v.nullable(v.pipe(v.string(), v.maxLength(16_384))),
});

const payloadSchema = v.object({
  name: v.optional(v.string()),
  details: v.string(),
  state: v.optional(v.string()),
  timestamps: v.optional(v.object({ start: v.optional(v.number()) })),
  buttons: v.optional(v.array(v.object({ label: v.string() })), []),
});

/** Reads a publisher's answer; `undefined` for none, or one that is not understood. */
export function readPresence(answer: Answer): PresenceView | undefined {
  if (answer.kind !== "answered") return undefined;
  const read = v.safeParse(presenceSchema, answer.value);
  if (!read.success) return undefined;
  const { last_sent_at: sentAt, payload, ...rest } = read.output;
  const parsed: unknown = payload === null ? undefined : parseJson(payload);
  const card = v.safeParse(payloadSchema, parsed);
  const base = { ...rest, lastSentAt: sentAt ?? undefined, payload: parsed };
  if (!card.success) return { ...base, card: undefined };
  const { name, details, state, timestamps, buttons } = card.output;
  const labels = buttons.map(({ label }) => label);
  const shown = { name, details, state, startedAt: timestamps?.start, buttons: labels };
  return { ...base, card: shown };
}

/** Discord's state in a publisher's answer. */
export function discordIn(answer: Answer): LinkStatus {
  return readPresence(answer)?.discord ?? "unknown";
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // Half a payload from a version that writes it otherwise.
  }
}
