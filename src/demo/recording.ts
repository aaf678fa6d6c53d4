import { numberAt, objectAt, parseObject, textAt, type Json } from "../codex/json.ts";
import { readProgramStatus } from "../codex/program-status.ts";
import { sanitize } from "../terminal/text.ts";
import builtInText from "./recording.jsonl" with { type: "text" };

/** Parts of the stand-in's screen that a step can set; an empty text takes the part away. */
const parts = ["header", "footer", "typing", "busy", "cell", "ask"] as const;

export type ScreenPart = (typeof parts)[number];

/** What moves in front of a window title. */
const signs = ["none", "spinner", "attention"] as const;

export type TitleSign = (typeof signs)[number];

/** One thing that Codex did, `at` ms after the start. */
export type Step = { readonly at: number } & (
  | {
      readonly type: "screen";
      readonly show: ScreenPart;
      /** Lines joined by line feeds, free of control characters. */
      readonly text: string;
      /** A cell with this name is replaced by the next one of the same name. */
      readonly id?: string;
      /** Ms in which the text appears, character by character. */
      readonly over: number;
    }
  /** The payload of OSC 7501. */
  | { readonly type: "status"; readonly payload: string }
  | { readonly type: "title"; readonly text: string; readonly sign: TitleSign }
  /** `type` and `payload` of a rollout item, with placeholders (`fillPlaceholders`). */
  | { readonly type: "rollout"; readonly item: Json }
  /** A line of Codex's session log, with placeholders. */
  | { readonly type: "sessionLog"; readonly entry: Json }
);

export interface Recording {
  /** By time; steps of the same moment in the order of their lines. */
  readonly steps: readonly Step[];
  /** One sentence for each line that was left out. */
  readonly faults: readonly string[];
  /** When the last step is due, ms after the start. */
  readonly length: number;
}

/** The recording inside the program: one JSON object a line. */
export const builtInRecording: string = builtInText;

const maxLines = 5000;
const maxLength = 600_000;
/** More than the largest terminal shows. */
const maxText = 10_000;

/** Reads a recording. A line that cannot be used is named in `faults` and left out. */
export function parseRecording(text: string): Recording {
  const faults: string[] = [];
  const steps: Step[] = [];
  for (const [index, line] of text.split("\n").slice(0, maxLines).entries()) {
    if (line.trim() === "") continue;
    const step = readStep(line);
    if (typeof step === "string") faults.push(`line ${index + 1}: ${step}`);
    else steps.push(step);
  }
  steps.sort((a, b) => a.at - b.at);
  return { steps, faults, length: steps.at(-1)?.at ?? 0 };
}

/** A step, or why there is none. */
function readStep(line: string): Step | string {
  const json = parseObject(line);
  if (json === undefined) return "not a JSON object";
  const at = numberAt(json, "at");
  if (at === undefined || at < 0 || at > maxLength) return `"at" must be 0 to ${maxLength} ms`;
  switch (json["type"]) {
    case "screen":
      return readScreen(at, json);
    case "status": {
      const payload = textAt(json, "payload") ?? "";
      const known = readProgramStatus(payload) !== undefined;
      return known && sanitize(payload) === payload
        ? { at, type: "status", payload }
        : "not a program status";
    }
    case "title": {
      const text = sanitize(textAt(json, "text") ?? "");
      const sign = signs.find((name) => name === json["sign"]) ?? "none";
      return { at, type: "title", text, sign };
    }
    case "rollout": {
      const item = objectAt(json, "item");
      const whole = textAt(item, "type") !== undefined && objectAt(item, "payload") !== undefined;
      return item !== undefined && whole ? { at, type: "rollout", item } : "not a rollout item";
    }
    case "sessionLog": {
      const entry = objectAt(json, "entry");
      return entry === undefined ? '"entry" must be an object' : { at, type: "sessionLog", entry };
    }
    default:
      return 'unknown "type"';
  }
}

function readScreen(at: number, json: Json): Step | string {
  const show = parts.find((part) => part === json["show"]);
  if (show === undefined) return `"show" must be one of ${parts.join(", ")}`;
  const id = textAt(json, "id");
  const over = Math.max(0, numberAt(json, "over") ?? 0);
  const text = cleanLines((textAt(json, "text") ?? "").slice(0, maxText));
  return { at, type: "screen", show, text, over, ...(id === undefined ? {} : { id }) };
}

/** Unlike a name's, the spaces of a screen's line stay as they are. */
function cleanLines(text: string): string {
  return text.replaceAll(/[^ \n]+/g, (word) => sanitize(word));
}
