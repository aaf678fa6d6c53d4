import type { PresetName } from "../config/display.ts";

/** The lines of a card as templates. */
export interface Lines {
  readonly details: string;
  readonly state: string;
  readonly large_text: string;
  readonly small_text: string;
  readonly idle_text: string;
}

const standard: Lines = {
  details: "{activity} {target}",
  state: "{title} · {project} · {branch} · {model} {effort}",
  large_text: "Codex · {tokens} · {context} · {quota} · {cost}",
  small_text: "OpenAI",
  idle_text: "Away",
};

export const presets: Readonly<Record<PresetName, Lines>> = {
  minimal: {
    ...standard,
    details: "{activity}",
    state: "{title} · {project}",
    large_text: "Codex",
  },
  standard,
  detailed: {
    ...standard,
    state:
      "{title} · {project} · {branch} · {model} {effort} · {tokens} · {context} · {quota} · {cost}",
    large_text: "Codex · {plan} · {sessions}",
  },
};
