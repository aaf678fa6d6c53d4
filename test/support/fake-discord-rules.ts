/** Discord's limits as docs/discord.md has them, in ms. */
export interface DiscordLimits {
  /** Connections in a window; READY of further ones waits until there is room. */
  readonly connections: number;
  readonly connectionWindow: number;
  /** Updates in a window; further ones are answered and silently dropped. */
  readonly updates: number;
  readonly updateWindow: number;
}

export const realLimits: DiscordLimits = {
  connections: 2,
  connectionWindow: 60_000,
  updates: 5,
  updateWindow: 20_000,
};

type Fields = Readonly<Record<string, unknown>>;
type Rule = (value: unknown) => string | undefined;

/**
 * What Discord's own validation says about the arguments of SET_ACTIVITY: the first complaint, or
 * `undefined`. One bad field refuses the whole activity.
 */
export function complaint(args: unknown): string | undefined {
  if (!isFields(args)) return '"args" must be an object';
  const pid = integer(10)(args["pid"]);
  if (pid !== undefined) return `child "pid" fails because [${pid}]`;
  const { activity } = args;
  if (activity === undefined || activity === null) return undefined;
  const found = object(activityRules)(activity);
  return found === undefined ? undefined : `child "activity" fails because [${found}]`;
}

const line = text(2, 128);
const image = text(1, 256);
const link = url(256);

const activityRules: Readonly<Record<string, Rule>> = {
  name: text(1, 128),
  type: oneOf([0, 2, 3, 5]),
  details: line,
  details_url: link,
  state: line,
  state_url: link,
  timestamps: object({ start: integer(1), end: integer(1) }),
  assets: object({
    large_image: image,
    large_text: line,
    large_url: link,
    small_image: image,
    small_text: line,
    small_url: link,
  }),
  status_display_type: oneOf([0, 1, 2]),
  buttons: list(2, object({ label: text(1, 32), url: url(512) })),
  instance: oneOf([true, false]),
  created_at: integer(1),
};

function object(rules: Readonly<Record<string, Rule>>): Rule {
  return (value) => {
    if (!isFields(value)) return "must be an object";
    for (const [name, field] of Object.entries(value)) {
      const rule = rules[name];
      if (rule === undefined) return `"${name}" is not allowed`;
      const found = rule(field);
      if (found !== undefined) return `"${name}" ${found}`;
    }
    return undefined;
  };
}

/** Length in UTF-16 units, once as given and once trimmed, since Discord may trim. */
function text(min: number, max: number): Rule {
  return (value) => {
    if (typeof value !== "string") return "must be a string";
    if (value.trim() === "") return "is not allowed to be empty";
    if (value.trim().length < min) return `length must be at least ${min} characters long`;
    if (value.length > max) return `length must be less than or equal to ${max} characters long`;
    return value.isWellFormed() ? undefined : "must be well-formed";
  };
}

function url(max: number): Rule {
  return (value) => {
    const found = text(1, max)(value);
    if (found !== undefined) return found;
    return /^https?:\/\/[!-~]+$/.test(String(value)) ? undefined : "must be a valid uri";
  };
}

function integer(min: number): Rule {
  return (value) =>
    Number.isSafeInteger(value) && Number(value) >= min
      ? undefined
      : `must be an integer of at least ${min}`;
}

function oneOf(values: readonly unknown[]): Rule {
  return (value) => (values.includes(value) ? undefined : `must be one of ${values.join(", ")}`);
}

function list(max: number, rule: Rule): Rule {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > max) {
      return `must contain 1 to ${max} items`;
    }
    return value.map((item: unknown) => rule(item)).find((found) => found !== undefined);
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
