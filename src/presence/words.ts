import type { ActivityKind } from "../session/activity.ts";

/**
 * An activity as others read it at the private level: what Codex does, never on what. A limit or
 * an error tells about the account, so both read as waiting for the person, which they are.
 */
export const privateWords: Readonly<Record<ActivityKind, string>> = {
  starting: "Starting up",
  thinking: "Thinking",
  reading: "Reading files",
  searching: "Searching",
  editing: "Editing files",
  running: "Running a command",
  planning: "Planning",
  tool: "Using a tool",
  delegating: "Working with sub-agents",
  approval: "Waiting for approval",
  question: "Waiting for an answer",
  compacting: "Tidying up the context",
  idle: "Waiting for input",
  error: "Waiting for input",
  limited: "Waiting for input",
};

/** Above the private level: the same, but for what tells about the account. */
export const openWords: Readonly<Record<ActivityKind, string>> = {
  ...privateWords,
  error: "Stopped by an error",
  limited: "Usage limit reached",
};

/** The verb to which what it is about is added: `Editing` `session.ts`. */
export const verbs: Readonly<Partial<Record<ActivityKind, string>>> = {
  reading: "Reading",
  searching: "Searching with",
  editing: "Editing",
  running: "Running",
  delegating: "Working with",
  tool: "Using",
};

/** Where nothing else is left to say, or allowed. */
export const usingCodex = "Using Codex";
