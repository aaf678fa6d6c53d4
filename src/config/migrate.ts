import { parseDocument } from "./document.ts";
import { removeKey, setFirst, setKey } from "./edit.ts";
import { privacySwitches } from "./privacy.ts";
import { schemaUrl } from "./schema.ts";

/** What became of a config's text; `notes` are lines for the person. */
export interface Migrated {
  /** `newer`: of a version that is not known here, so never to be written. */
  readonly kind: "current" | "migrated" | "newer" | "broken";
  readonly text: string;
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const ourVersion = 2;
/** The highest version that the earlier Rust tool wrote. */
const lastOfEarlierTool = 13;

/**
 * Brings a config to version 2 of ours: files without a version, and those of the earlier Rust
 * tool (its versions 1 to 13, which have no `$schema`). Known values are carried over. That tool
 * showed everything by default, so a `show_*: true` of its is nobody's choice and goes; a `false`
 * stays. Text that is current, newer or broken comes back as it is.
 */
export function migrate(text: string): Migrated {
  const document = parseDocument(text);
  if (!document.ok || !isFields(document.value)) return { kind: "broken", text, notes: [] };
  const file = document.value;
  const version = file["schema_version"];
  const ours = typeof file["$schema"] === "string";
  if (typeof version === "number" && version > (ours ? ourVersion : lastOfEarlierTool)) {
    return { kind: "newer", text, notes: [`schema_version ${version} is newer than this cdp`] };
  }
  if (ours) return { kind: "current", text, notes: [] };
  const carried = isOfEarlierTool(file) ? fromEarlierTool(text, file) : { text, notes: [] };
  const marked = setFirst(
    setKey(carried.text, ["schema_version"], ourVersion),
    "$schema",
    schemaUrl,
  );
  return {
    kind: "migrated",
    text: marked,
    notes: [`brought to schema_version ${ourVersion}`, ...carried.notes],
  };
}

/** That tool shares the file's name and the number of its version, but writes no `$schema`. */
function isOfEarlierTool(file: Fields): boolean {
  const version = file["schema_version"];
  if (typeof version === "number" && version !== ourVersion) return true;
  return isFields(file["privacy"]) && typeof file["privacy"]["enabled"] === "boolean";
}

function fromEarlierTool(before: string, file: Fields): { text: string; notes: string[] } {
  const privacy = file["privacy"];
  if (!isFields(privacy)) return { text: before, notes: [] };
  const notes: string[] = [];
  let text = before;
  const shown = privacySwitches.filter((name) => privacy[name] === true);
  for (const name of shown) text = removeKey(text, ["privacy", name]);
  if (shown.length > 0) {
    notes.push(
      `left out, since the earlier tool showed everything by default: ${shown.join(", ")}`,
      "to show more: cdp config set privacy.level project",
    );
  }
  if (typeof privacy["enabled"] === "boolean") {
    text = removeKey(text, ["privacy", "enabled"]);
    if (privacy["enabled"] && privacy["level"] === undefined) {
      text = setKey(text, ["privacy", "level"], "private");
      notes.push("privacy.enabled is now privacy.level private");
    }
  }
  return { text, notes };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
