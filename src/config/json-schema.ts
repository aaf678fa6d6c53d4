import type * as v from "valibot";
import { privacyEntries, ruleSchema } from "./privacy.ts";
import { configSchema, schemaUrl } from "./schema.ts";

type JsonSchema = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (draft 7, which editors know best) of the config, made from the schema that reads
 * it. Unknown keys are allowed, as they are there.
 */
export function jsonSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: schemaUrl,
    title: "Config of cdp, Codex in your Discord profile",
    ...schemaOf(configSchema),
  };
}

function schemaOf(schema: v.GenericSchema): JsonSchema {
  const actions = pipeOf(schema).flatMap((action) => Object.entries(actionOf(action)));
  return { ...nodeOf(schema), ...Object.fromEntries(actions) };
}

function nodeOf(schema: v.GenericSchema): JsonSchema {
  const part: Fields = { ...schema };
  switch (schema.type) {
    case "optional":
      return { ...child(part["wrapped"]), ...defaultOf(part["default"]) };
    case "string":
    case "number":
    case "boolean":
      return { type: schema.type };
    case "literal":
      return { const: part["literal"] };
    case "picklist":
      return { enum: part["options"] };
    case "array":
      return { type: "array", items: schema === rulesInForce ? aRule() : child(part["item"]) };
    case "record":
      return { type: "object", additionalProperties: child(part["value"]) };
    case "object":
      return objectOf(part["entries"]);
    default:
      throw new Error(`no JSON Schema for ${schema.type}`);
  }
}

const rulesInForce: v.GenericSchema = privacyEntries.rules.wrapped;

/** A rule in force may lack a place; one that a person writes may not. */
function aRule(): JsonSchema {
  const places = ["path", "repo", "host"].map((name) => ({ required: [name] }));
  return { ...schemaOf(ruleSchema), anyOf: places };
}

function objectOf(entries: unknown): JsonSchema {
  const parts = Object.entries(isFields(entries) ? entries : {});
  const required = parts
    .filter(([, part]) => isFields(part) && part["type"] !== "optional")
    .map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(parts.map(([name, part]) => [name, child(part)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function actionOf(action: Fields): JsonSchema {
  const { type, requirement } = action;
  switch (type) {
    case "regex":
      // JSON Schema knows no flag for any case: then nothing is said, rather than too much.
      return requirement instanceof RegExp && !requirement.flags.includes("i")
        ? { pattern: requirement.source }
        : {};
    case "max_length":
      return { maxLength: requirement };
    case "non_empty":
      return { minLength: 1 };
    case "min_value":
      return { minimum: requirement };
    case "max_value":
      return { maximum: requirement };
    default:
      return {};
  }
}

function child(part: unknown): JsonSchema {
  return isSchema(part) ? schemaOf(part) : {};
}

/** An empty section says nothing of its own: its keys have their defaults. */
function defaultOf(value: unknown): JsonSchema {
  if (value === undefined || (isFields(value) && Object.keys(value).length === 0)) return {};
  return { default: value };
}

function pipeOf(schema: v.GenericSchema): readonly Fields[] {
  const pipe: unknown = "pipe" in schema ? schema.pipe : undefined;
  // The first is the schema itself, which may be a pipe of its own.
  return Array.isArray(pipe)
    ? pipe.flatMap((part: unknown, index) => {
        if (isSchema(part)) return index === 0 ? pipeOf(part) : [];
        return isFields(part) ? [part] : [];
      })
    : [];
}

function isSchema(value: unknown): value is v.GenericSchema {
  return isFields(value) && value["kind"] === "schema";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
