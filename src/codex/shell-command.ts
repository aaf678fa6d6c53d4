import type { Work } from "../session/event.ts";

/** What a shell command does. */
export function workOfCommand(_command: string | readonly string[]): Work {
  return { kind: "running" };
}
