import { memo } from "../lib/memo.ts";

const maxLabel = 32;

/** Words of a model's id that are not simply written with a capital. */
const spelled: ReadonlyMap<string, string> = new Map([
  ["gpt", "GPT"],
  ["oss", "OSS"],
]);

/**
 * A model's id as people say it: `gpt-5.5` is "GPT-5.5", `gpt-6.1-sol` "GPT-6.1 Sol". Dates and
 * `-latest` are left out, and so is all but the base model of a fine-tuned one, whose id names its
 * owner. Ids of other makers stay as written, without a provider's or folder's path.
 *
 * @returns at most 32 characters, or `undefined` when nothing of the id can be shown
 */
export function modelLabel(id: string): string | undefined {
  return labels(id);
}

const labels = memo((id) => {
  const tuned = /^ft:([^:]+)/.exec(id);
  const name = cleaned(baseName(tuned?.[1] ?? id));
  const label = /^(gpt|codex)(-|$)/i.test(name) ? ourLabel(name.toLowerCase()) : name;
  return label === "" ? undefined : clamped(label);
}, 64);

/** How hard the model thinks, in words; `undefined` when nothing of it can be shown. */
export function effortWord(effort: string): string | undefined {
  const known = efforts.get(effort.toLowerCase());
  return known ?? plainWord(effort);
}

/** The service tier where it is worth a word; the ordinary one is not. */
export function tierWord(tier: string): string | undefined {
  const name = tier.toLowerCase();
  if (ordinaryTiers.has(name)) return undefined;
  return name === "priority" ? "fast" : plainWord(tier);
}

const efforts: ReadonlyMap<string, string> = new Map([
  ["none", "no reasoning"],
  ["xhigh", "extra high"],
]);

const ordinaryTiers: ReadonlySet<string> = new Set(["default", "auto", "standard"]);

function ourLabel(name: string): string {
  const words = name
    .replace(/-latest$/, "")
    .replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, "")
    .split("-")
    .filter((word) => word !== "")
    .map((word) => spelled.get(word) ?? capitalised(word));
  const [maker = "", second, ...rest] = words;
  // "GPT-5.5", but "Codex Mini" and "GPT Daybreak".
  const joined = maker === "GPT" && second !== undefined && isVersion(second);
  const head = joined ? [`${maker}-${second}`] : second === undefined ? [maker] : [maker, second];
  return [...head, ...rest].join(" ");
}

function isVersion(word: string): boolean {
  return /^\d/.test(word) || word === "OSS";
}

function capitalised(word: string): string {
  // "120b" and "4o": a size is written large, a version's letter is part of its name.
  if (/^\d+b$/.test(word)) return word.toUpperCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function baseName(id: string): string {
  return (
    id
      .slice(-512)
      .split(/[\\/]/)
      .findLast((part) => part.trim() !== "") ?? ""
  );
}

/** Ids are ASCII; whatever else is in one was put there to be seen. */
function cleaned(text: string): string {
  return text.replaceAll(/[^\w.:+-]/g, "").replaceAll(/^[.:+-]+|[.:+-]+$/g, "");
}

function clamped(text: string): string {
  return text.length <= maxLabel ? text : `${text.slice(0, maxLabel - 1)}…`;
}

function plainWord(text: string): string | undefined {
  return /^[a-z][a-z0-9_-]{0,15}$/i.test(text)
    ? text.toLowerCase().replaceAll("_", " ")
    : undefined;
}
