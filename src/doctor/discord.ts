import { type Choice, isChosen } from "../discord/choice.ts";
import type { Verdict } from "../discord/search.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** How far one came at a place. `silent`: accepted, and then nothing. */
export type Handshake =
  | { readonly kind: "connected"; readonly client: string }
  | {
      readonly kind: "absent" | "foreign" | "refused" | "limited" | "silent" | "failed";
      readonly reason: string;
    }
  /** A publisher has its connection, or the place is none of ours. */
  | { readonly kind: "untried" };

/** A place of a Discord socket that exists. */
export interface PlaceFacts {
  readonly path: string;
  readonly client: string;
  /** Another user's, which is used because its path is named. */
  readonly owner?: number | undefined;
  readonly verdict: Verdict;
  readonly handshake: Handshake;
}

export interface DiscordFacts {
  readonly clientId: string;
  /** Which Discord is meant by `display.discord`. */
  readonly choice: Choice;
  readonly places: readonly PlaceFacts[];
  /** What the publisher says of its connection, where one runs; `undefined`: nothing. */
  readonly publisher: { readonly discord: string; readonly reason: string } | "silent" | undefined;
  /** `CDP_DISCORD_SOCKET`. */
  readonly named: string | undefined;
  /** Commands that start a Discord which is installed here. */
  readonly starters: readonly string[];
}

const name = "discord";
const placeName = "discord socket";

/** Can a card be sent, and to which Discord? Every place that exists is named. */
export function checkDiscord(facts: DiscordFacts): readonly Check[] {
  const { publisher } = facts;
  const summary =
    publisher === undefined
      ? tried(facts)
      : publisher === "silent"
        ? [untold()]
        : [toldBy(publisher.discord, publisher.reason, facts)];
  const works = isReached(facts);
  return [...summary, ...facts.places.map((place) => placeCheck(place, works)), ...clientId(facts)];
}

/** A Discord answered, here or at the publisher. */
export function isReached({ publisher, places }: DiscordFacts): boolean {
  if (typeof publisher === "object") return publisher.discord === "connected";
  return places.some(({ handshake }) => handshake.kind === "connected");
}

function tried(facts: DiscordFacts): readonly Check[] {
  const { places, choice } = facts;
  const there = places.flatMap(({ handshake }) =>
    handshake.kind === "connected" ? handshake : [],
  );
  const meant = there.filter((each) => isChosen(choice, each)).map(({ client }) => client);
  const shown = choice.kind === "all" ? meant : meant.slice(0, 1);
  if (shown.length > 0) return [ok(name, `connected (${shown.join(", ")}); ${unseen}`)];
  if (choice.kind === "edition" && there.length > 0) {
    const others = there.map(({ client }) => client).join(", ");
    const line = `${choice.edition} is not running (display.discord), only ${others}`;
    return [fail(name, line, "Start it, or `cdp config set display.discord first`.")];
  }
  const nobody = places.every(({ handshake: { kind } }) => kind === "absent" || kind === "untried");
  if (nobody) return [absent(facts)];
  return [fail(name, "no Discord took the connection", "See the sockets below.")];
}

function absent({ named, starters, places }: DiscordFacts): Check {
  if (named !== undefined && named !== "") {
    const line = `nothing that can be used is at ${named} (CDP_DISCORD_SOCKET)`;
    return fail(name, line, "Correct it, or unset it to have all places searched.");
  }
  const line =
    places.length === 0 ? "is not running: no socket found" : "is not running: nobody answers";
  const start = starters.length === 0 ? "" : ` (${starters.map((s) => `\`${s}\``).join(", ")})`;
  return fail(name, line, `Start the Discord app${start}; in a browser it takes no cards.`);
}

function toldBy(discord: string, reason: string, facts: DiscordFacts): Check {
  const line = `${discord}, says the publisher${reason === "" ? "" : `: ${reason}`}`;
  switch (discord) {
    case "connected":
      return ok(name, `${line}; ${unseen}`);
    case "absent":
      return { ...absent(facts), line };
    case "refused":
      return fail(name, line, clientIdFix);
    default:
      return warn(name, line, "Wait a minute: Discord takes two connections a minute.");
  }
}

function untold(): Check {
  const line = "not tried: a publisher runs that does not tell of its connection";
  return warn(name, line, "End it and run cdp doctor again.");
}

function placeCheck(place: PlaceFacts, works: boolean): Check {
  const { path, verdict, handshake, owner } = place;
  const at = `${path}${packaging(path)}`;
  if (verdict === "usable") {
    const check = handshakeCheck(at, handshake, works);
    return owner === undefined || check.state !== "ok" ? check : ownedByOther(check, owner);
  }
  return warn(placeName, ...unusable[verdict](at));
}

/** What is wrong with one place is a failure only where no other works. */
function handshakeCheck(at: string, handshake: Handshake, works: boolean): Check {
  if (handshake.kind === "connected") return ok(placeName, `${at}: ${handshake.client}`);
  if (handshake.kind === "untried") return ok(placeName, `${at}: not tried: a publisher runs`);
  const { kind, reason } = handshake;
  if (kind === "foreign") return warn(placeName, `${at}: ${reason}: nothing was sent`, foreignFix);
  if (kind === "absent") {
    return warn(placeName, `${at}: nobody listens`, "Left by a Discord that crashed: harmless.");
  }
  const said = kind === "silent" ? "took the connection and said nothing" : reason;
  return (works ? warn : fail)(placeName, `${at}: ${said}`, handshakeFixes[kind]);
}

/** The card goes to another user, as the person has asked for. */
function ownedByOther({ line }: Check, uid: number): Check {
  return warn(
    placeName,
    `${line}; it is user ${uid}'s, who sees the card`,
    "If that is not intended, correct CDP_DISCORD_SOCKET or display.discord.",
  );
}

/** Discord takes the card all the same then, so nobody here can tell (docs/discord.md). */
const unseen = "if no card shows, allow sharing in its settings, Activity Privacy";

const again =
  "Discord takes two connections a minute: wait one, try again; if it stays so, start Discord anew.";
const foreignFix = "Run cdp as the user who runs Discord; if it is nobody's, remove it.";
const clientIdFix = "Correct discord_client_id in the config, or remove it to have ours.";

const unusable = {
  foreign: (at: string) => [`${at} is another user's, or could be replaced by one`, foreignFix],
  "not a socket": (at: string) => [`${at} is not a socket`, "Remove it, and start Discord anew."],
  unanswered: (at: string) => [
    `the disk of ${at} does not answer`,
    "Other places are tried; unmount the disk, or name another place.",
  ],
  unreadable: (at: string) => [`${at} may not be looked at, or leads nowhere`, foreignFix],
} as const satisfies Record<string, (at: string) => readonly [line: string, fix: string]>;

const handshakeFixes = {
  refused: clientIdFix,
  limited: again,
  silent: again,
  failed: "Start Discord anew.",
} as const;

function clientId(facts: DiscordFacts): readonly Check[] {
  const { clientId: id, places, publisher } = facts;
  if (isReached(facts)) return [ok("client id", `${id} was accepted`)];
  const refused =
    places.some(({ handshake }) => handshake.kind === "refused") ||
    (typeof publisher === "object" && publisher.discord === "refused");
  return refused ? [fail("client id", `Discord does not know ${id}`, clientIdFix)] : [];
}

function packaging(path: string): string {
  if (/\/snap\.[^/]+\/[^/]*$/.test(path)) return " (Snap)";
  return /\/(?:app|\.flatpak)\/[^/]+\.[^/]+\//.test(path) ? " (Flatpak)" : "";
}
