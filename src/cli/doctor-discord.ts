import type { Choice } from "../discord/choice.ts";
import { connectDiscord } from "../discord/client.ts";
import { defaultBounds } from "../discord/connection.ts";
import type { FoundSocket } from "../discord/search.ts";
import type { DiscordFacts, Handshake } from "../doctor/discord.ts";
import type { Answer } from "../instance/request.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { existsSync } from "node:fs";
import { socketsHere } from "./chosen-discord.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** READY comes in some 10 ms, or up to a minute late where Discord limits connections. */
const handshakeMs = 1200;
/** A crowded folder must not cost a connection for each file. */
const maxPlaces = 10;

interface Question {
  readonly env: Env;
  readonly clientId: string;
  readonly found: readonly FoundSocket[];
  readonly choice: Choice;
  readonly answer: Answer;
  readonly clock: Clock;
}

export async function placesFound(env: Env, setting: string): Promise<readonly FoundSocket[]> {
  try {
    return await socketsHere(env, setting);
  } catch {
    return []; // Lost: why; no socket that could be used was seen.
  }
}

/** Tries every place that is ours, all at once; none while a publisher runs, who is asked instead. */
export async function discordFacts(question: Question): Promise<DiscordFacts> {
  const { env, clientId, found, choice, answer } = question;
  const free = answer.kind === "notRunning";
  const places = await Promise.all(
    found.slice(0, maxPlaces).map(async ({ place, verdict }) => {
      const { path, client, owner } = place;
      const tried = free && verdict === "usable";
      const handshake: Handshake = tried ? await shake(question, place) : { kind: "untried" };
      return { path, client, owner, verdict, handshake };
    }),
  );
  return {
    clientId,
    choice,
    places: places.filter(({ handshake }) => !isFreePipe(handshake)),
    publisher: free ? undefined : publisherSays(answer),
    named: env["CDP_DISCORD_SOCKET"],
    starters: startersHere(env),
  };
}

/** On Windows all ten names are tried; one that does not exist is no place. */
function isFreePipe(handshake: Handshake): boolean {
  return process.platform === "win32" && handshake.kind === "absent";
}

async function shake(
  { clientId, clock }: Question,
  place: FoundSocket["place"],
): Promise<Handshake> {
  let accepted = false;
  const bounds = { ...defaultBounds, stagger: handshakeMs, attempt: handshakeMs };
  const opened = (): void => void (accepted = true);
  const { signal } = new AbortController();
  try {
    const attempt = await connectDiscord({
      clientId,
      places: [place],
      clock,
      bounds,
      opened,
      signal,
    });
    if (attempt.kind === "connected") {
      const { client } = attempt.connection;
      attempt.connection.close();
      return { kind: "connected", client };
    }
    const isLate = accepted && attempt.reason.startsWith("no READY");
    return { kind: isLate ? "silent" : attempt.kind, reason: attempt.reason };
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  }
}

function publisherSays(answer: Answer): DiscordFacts["publisher"] {
  const value = answer.kind === "answered" ? answer.value : undefined;
  if (typeof value !== "object" || value === null || !("discord" in value)) return "silent";
  const { discord, reason } = value;
  if (typeof discord !== "string") return "silent";
  return { discord, reason: typeof reason === "string" ? reason : "" };
}

/** Packages whose presence is a file; a Discord that was unpacked somewhere is not found. */
function startersHere(env: Env): readonly string[] {
  const own = `${env["HOME"] ?? ""}/.local/share/flatpak/app`;
  const flatpaks = ["com.discordapp.Discord", "dev.vencord.Vesktop"].filter((id) =>
    ["/var/lib/flatpak/app", own].some((folder) => existsSync(`${folder}/${id}`)),
  );
  return [
    ...(existsSync("/snap/bin/discord") ? ["snap run discord"] : []),
    ...flatpaks.map((id) => `flatpak run ${id}`),
    ...(existsSync("/usr/bin/discord") ? ["discord"] : []),
  ];
}
