import type { Work } from "../session/event.ts";
import { isLong } from "./command-folder.ts";
import { parseObject, textAt, type Json } from "./json.ts";
import { parseObjectPrefix } from "./json-prefix.ts";
import type { ToolCall } from "./rollout-item.ts";
import { workOfCommand } from "./shell-command.ts";
import { elsewhere, fileAt, patchedFile, targetOf } from "./target.ts";

/** What a call does, and whether it is a program that makes calls of its own (code mode). */
export interface ToolWork {
  readonly work: Work;
  readonly composite: boolean;
  /** It asks to leave the sandbox: an approval comes first, unless given for good. */
  readonly mayAsk?: boolean;
}

/** More of a program than this is not looked at. */
const maxProgram = 65_536;
/** Tools by the kind of work they do; those whose arguments decide are below. */
const plainTools: Readonly<Record<string, Work["kind"]>> = {
  apply_patch: "editing",
  write_stdin: "running",
  update_plan: "planning",
  create_goal: "planning",
  update_goal: "planning",
  get_goal: "planning",
  request_user_input: "question",
  request_user_input_async: "question",
  web_search: "searching",
  grep_files: "searching",
  read_file: "reading",
  list_dir: "reading",
  view_image: "reading",
  spawn_agent: "delegating",
  wait_agent: "delegating",
  close_agent: "delegating",
  resume_agent: "delegating",
  interrupt_agent: "delegating",
  send_input: "delegating",
  send_message: "delegating",
  followup_task: "delegating",
  list_agents: "delegating",
  sleep: "thinking",
};

/** Names that mean something else within another namespace. */
const agentNamespaces: ReadonlySet<string> = new Set(["collaboration", "multi_agent_v1"]);

/** Classifies a tool call by its name and, where they decide, its arguments. Never throws. */
export function workOfCall(call: ToolCall): ToolWork {
  const mcp = mcpTarget(call);
  if (mcp !== undefined) return plain({ kind: "tool", ...targetOf(mcp) });
  switch (call.name) {
    case "exec":
      return { work: workOfProgram(call.input), composite: true };
    case "wait":
      return call.namespace !== undefined && agentNamespaces.has(call.namespace)
        ? plain({ kind: "delegating" })
        : { work: { kind: "running" }, composite: true };
    case "exec_command":
    case "shell_command":
    case "shell":
    case "local_shell":
      return shellWork(call);
    case "apply_patch":
      return plain(editing(patchedFile(patchOf(call.input))));
    case "view_image":
    case "read_file":
      return plain({ kind: "reading", ...fileAt(pathOf(parseObjectPrefix(call.input))) });
    default:
      return plain(
        Object.hasOwn(plainTools, call.name)
          ? { kind: plainTools[call.name] ?? "tool" }
          : { kind: "tool", ...targetOf(call.name) },
      );
  }
}

/** Free text, or JSON of it. */
function patchOf(input: string): string {
  return (input.startsWith("{") ? textAt(parseObjectPrefix(input), "input") : undefined) ?? input;
}

function pathOf(args: Json | undefined): string | undefined {
  return textAt(args, "path") ?? textAt(args, "file_path");
}

/** Editing of these files, named by the first. */
export function workOfPaths(paths: readonly string[]): Work {
  return editing(paths[0]);
}

function editing(path: string | undefined): Work {
  return { kind: "editing", ...fileAt(path) };
}

function plain(work: Work): ToolWork {
  return { work, composite: false };
}

/** `server.tool` of a call to an MCP server, in either dialect's spelling. */
function mcpTarget(call: ToolCall): string | undefined {
  const full = call.namespace === undefined ? call.name : `${call.namespace}__${call.name}`;
  if (!full.startsWith("mcp__")) return undefined;
  const [, server = "", ...tool] = full.split("__");
  return tool.length === 0 ? server : `${server}.${tool.join("__")}`;
}

/** A shell tool's arguments: a command line or an argument vector, and what it asks for. */
function shellWork({ input, isCut }: ToolCall): ToolWork {
  const whole = parseObject(input);
  const args = whole ?? parseObjectPrefix(input);
  const command = args?.["cmd"] ?? args?.["command"];
  const vector = Array.isArray(command) ? command.filter((part) => typeof part === "string") : "";
  const told = workOfCommand(typeof command === "string" ? command : vector);
  const folder = textAt(args, "workdir") ?? textAt(args, "working_directory");
  const isKnown = folder !== undefined || (whole !== undefined && isCut !== true);
  const work = isKnown && folder === undefined ? told : elsewhere(told, folder);
  const escalated = textAt(args, "sandbox_permissions") === "require_escalated";
  return escalated ? { work, composite: false, mayAsk: true } : plain(work);
}

/**
 * Code mode: JavaScript that calls `tools.name(…)`. Read with patterns, so a best effort, which the
 * completed items correct; the first call that says more than "a program runs" counts.
 */
function workOfProgram(program: string): Work {
  const source = program.slice(0, maxProgram);
  let first: Work | undefined;
  for (const match of source.matchAll(/\btools\.(\w{1,64})\s*\(/g)) {
    const name = match[1] ?? "";
    const work = workOfProgramCall(name, source.slice(match.index + match[0].length), source);
    first ??= work;
    if (work.kind !== "running" || work.target !== undefined) return work;
  }
  return first ?? { kind: "running" };
}

function workOfProgramCall(name: string, rest: string, source: string): Work {
  if (name === "exec_command") {
    const work = workOfCommand(commandIn(rest, source) ?? "");
    // It may stand anywhere: behind a long command, or in options that are spread into the call.
    return isLong(source) || /\bworkdir\b|[{(,]\s*\.\.\./.test(source)
      ? elsewhere(work, undefined)
      : work;
  }
  // A patch that has a name stands somewhere above.
  if (name === "apply_patch") {
    return editing(patchedFile(rest, true) ?? patchedFile(source, true));
  }
  if (name === "exec" || name === "wait") return { kind: "running" };
  return workOfCall({ name, input: "" }).work;
}

const literal =
  /(?:String\.raw)?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)(\s*\+)?/;
const literalOf = (before: string): RegExp => new RegExp(`${before}\\s*${literal.source}`);
const commandKey = /^\s*\{[^{}]{0,512}?["']?\b(?:cmd|command)["']?\s*/.source;
const given = literalOf(`${commandKey}:`);
const named = new RegExp(`${commandKey}(?::\\s*([A-Za-z_]\\w{0,63})\\s*)?[,}]`);

/** The command of a call, as a literal or as a name that is given one above. */
function commandIn(rest: string, source: string): string | undefined {
  const found = given.exec(rest) ?? declared(rest, source);
  return found?.[1] === undefined ? undefined : unquote(found[1], found[2] !== undefined);
}

function declared(rest: string, source: string): RegExpExecArray | null {
  const match = named.exec(rest);
  if (match === null) return null;
  return literalOf(`\\b(?:const|let|var)\\s+${match[1] ?? "cmd"}\\s*=`).exec(source);
}

/**
 * The text of a JavaScript string literal; what a template inserts, and what follows a `+`, is as
 * unknown to us as a variable of the shell.
 */
function unquote(text: string, goesOn: boolean): string {
  const body = text
    .slice(1, -1)
    .replaceAll(/\$\{[^}]*\}/g, () => "$_")
    .replaceAll(/\\(n|t|.)/gs, (_, escaped: string) =>
      escaped === "n" ? "\n" : escaped === "t" ? "\t" : escaped,
    );
  return goesOn ? `${body}$_` : body;
}
