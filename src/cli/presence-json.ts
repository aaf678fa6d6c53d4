import * as v from "valibot";
import type { LinkStatus } from "../discord/link.ts";
import type { Json } from "../instance/message.ts";
import type { Answer } from "../instance/request.ts";
import type { Shown } from "../presence/delivery.ts";
import type { PresenceView } from "../ui/report.ts";
import type { ShownCard } from "../ui/report-card.ts";
import type { EngineState } from "./engine.ts";
import { toldOf } from "./told.ts";

/**
 * What the publisher says of itself over the control socket. It holds the card as others see it, and
 * of all sessions what kind of thing they do: nothing that the config withholds.
 */
export function presenceJson({ list, discord, composed, config }: EngineState): Json {
  const { sentAt, card, acknowledged, pending } = discord.delivery;
  return {
    paused: config.config.display.paused,
    discord: discord.discord,
    reason: discord.reason,
    level: composed?.level ?? config.config.privacy.level,
    last_sent_at: sentAt ?? null,
    acknowledged: acknowledged ?? null,
    why: [...(composed?.why ?? [])],
    payload: payloadOf(card),
    pending:
      pending === undefined
        ? null
        : { payload: payloadOf(pending.card), due_at: pending.dueAt ?? null },
    sessions: toldOf(list, composed?.shown),
  };
}

function payloadOf(card: Shown | undefined): string | null {
  return card === undefined ? null : JSON.stringify(card.activity);
}

const text = v.pipe(v.string(), v.maxLength(1024));

const payload = v.nullable(v.pipe(v.string(), v.maxLength(16_384)));

const presenceSchema = v.object({
  paused: v.boolean(),
  discord: v.picklist(["connected", "connecting", "absent", "refused", "unknown"]),
  reason: text,
  level: text,
  last_sent_at: v.nullable(v.number()),
  why: v.pipe(v.array(text), v.maxLength(64)),
  payload,
  /** Both are missing in what an older version says. */
  acknowledged: v.optional(v.nullable(v.boolean()), null),
  pending: v.optional(v.nullable(v.object({ payload, due_at: v.nullable(v.number()) })), null),
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
  const { last_sent_at: sentAt, payload: sent, acknowledged, pending, ...rest } = read.output;
  return {
    ...rest,
    lastSentAt: sentAt ?? undefined,
    ...readPayload(sent),
    acknowledged: acknowledged ?? undefined,
    pending:
      pending === null
        ? undefined
        : { ...readPayload(pending.payload), dueAt: pending.due_at ?? undefined },
  };
}

function readPayload(json: string | null): {
  readonly payload: unknown;
  readonly card: ShownCard | undefined;
} {
  const parsed = json === null ? undefined : parseJson(json);
  const read = v.safeParse(payloadSchema, parsed);
  if (!read.success) return { payload: parsed, card: undefined };
  const { name, details, state, timestamps, buttons } = read.output;
  const labels = buttons.map(({ label }) => label);
  const card = { name, details, state, startedAt: timestamps?.start, buttons: labels };
  return { payload: parsed, card };
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
