import type { LinkStatus } from "../discord/link.ts";
import type { SocketPlace } from "../discord/socket-paths.ts";
import { type Delivery, noDelivery } from "./delivery.ts";
import { type DiscordState, notStarted } from "./recipient.ts";

/** One of several Discords as the person is told of it. */
export interface NamedState {
  readonly place: SocketPlace;
  readonly state: DiscordState;
}

/** What is told of several: the best there is. */
const bestFirst: readonly LinkStatus[] = [
  "connected",
  "connecting",
  "refused",
  "unknown",
  "absent",
];
const maxReason = 300;

/**
 * The states of several Discords as one, each named briefly: `discord-ipc-0 (stable): connected;
 * discord-ipc-1: refused, …`. Sockets at which nobody listens are only told of where all are so.
 */
export function stateOfAll(all: readonly NamedState[], none: string): DiscordState {
  const present = all.filter(({ state }) => state.discord !== "absent");
  const [first] = all;
  if (first === undefined) return { ...notStarted, discord: "absent", reason: none };
  const [told = first, ...more] = present;
  const clients = present.flatMap(({ state: { client } }) =>
    client === undefined ? [] : [client],
  );
  return {
    discord:
      bestFirst.find((status) => all.some(({ state }) => state.discord === status)) ?? "unknown",
    reason: (more.length === 0 ? told.state.reason : present.map(briefly).join("; ")).slice(
      0,
      maxReason,
    ),
    client: clients.length === 0 ? undefined : clients.join(", "),
    delivery: deliveryOfAll(all.map(({ state }) => state)),
  };
}

/**
 * Of several Discords the one that shows most counts: what was sent to the first that has a card, and
 * what waits for any of them.
 */
function deliveryOfAll(states: readonly DiscordState[]): Delivery {
  const deliveries = states.map(({ delivery }) => delivery);
  const shown =
    deliveries.find(({ card }) => card !== undefined) ??
    deliveries.find(({ acknowledged }) => acknowledged !== undefined) ??
    deliveries[0] ??
    noDelivery;
  const pending = shown.pending ?? deliveries.find((one) => one.pending !== undefined)?.pending;
  const sent = deliveries.flatMap(({ sentAt }) => sentAt ?? []);
  return { ...shown, pending, sentAt: sent.length === 0 ? undefined : Math.max(...sent) };
}

function briefly({ place, state: { client, discord, reason } }: NamedState): string {
  const file = place.path.split(/[/\\]/).at(-1) ?? place.path;
  const name = client === undefined ? file : `${file} (${client})`;
  const fine = discord === "connected" && reason === `connected at ${place.path}`;
  return fine ? `${name}: connected` : `${name}: ${reason}`;
}
