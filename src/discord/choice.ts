import type { Connection } from "./connection.ts";
import { type SocketPlace, tellsClient } from "./socket-paths.ts";

/** Which of the Discords that run is told of the card. */
export type Choice =
  | { readonly kind: "first" | "all" }
  | { readonly kind: "edition"; readonly edition: string };

/** What `display.discord` asks for; a path has chosen already. */
export function choiceOf(setting: string): Choice {
  if (isPath(setting) || setting === "first") return { kind: "first" };
  return setting === "all" ? { kind: "all" } : { kind: "edition", edition: setting };
}

export function isPath(setting: string): boolean {
  return setting.includes("/") || setting.includes("\\");
}

/** Whether the Discord at this place can be the one, as far as its path tells. */
export function mayBe(choice: Choice, place: SocketPlace): boolean {
  return choice.kind !== "edition" || !tellsClient(place) || place.client === choice.edition;
}

/** Whether it is, now that it has said READY. */
export function isChosen(choice: Choice, { client }: Pick<Connection, "client">): boolean {
  return choice.kind !== "edition" || client === choice.edition;
}
