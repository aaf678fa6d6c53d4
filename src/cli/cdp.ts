import { type ArgsDef, type CommandMeta, parseArgs, renderUsage } from "citty";
import packageJson from "../../package.json" with { type: "json" };
import { UserError } from "../lib/errors.ts";
import { outputColumns, printStyled } from "../lib/output.ts";

/** A command of ours: how citty describes it, what it does, and how it looks in use. */
export interface Command {
  readonly meta: CommandMeta;
  readonly args?: ArgsDef;
  readonly examples: readonly (readonly [line: string, about: string])[];
  /** Puts a `--` before words that are values whatever they begin with. */
  readonly marked?: (words: readonly string[]) => readonly string[];
  /** Returns the exit status. `values` are the parsed arguments. */
  readonly run: (values: Readonly<Record<string, unknown>>) => Promise<number>;
}

const codex: Command = {
  meta: { name: "codex", description: "Run Codex with these arguments, its state in Discord" },
  examples: [],
  run: () => Promise.reject(new Error("handled before any parsing")),
};

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  codex: () => Promise.resolve(codex),
  status: async () => (await import("./status.ts")).status,
  why: async () => (await import("./why.ts")).why,
  doctor: async () => (await import("./doctor.ts")).doctor,
  config: async () => (await import("./config.ts")).config,
  pause: async () => (await import("./pause.ts")).pause,
  resume: async () => (await import("./pause.ts")).resume,
  demo: async () => (await import("./demo.ts")).demo,
  play: async () => (await import("./demo.ts")).play,
};

const root: { readonly meta: CommandMeta } = {
  meta: {
    name: "cdp",
    version: packageJson.version,
    description: "Codex in your terminal, its state in your Discord profile",
  },
};

const rootExamples: Command["examples"] = [
  ["cdp", "the dashboard: every session, limits, the card and its privacy"],
  ["cdp --headless", "the card without any screen, until it is ended"],
  ["cdp codex", "Codex as always, under a two-row pane"],
  ['cdp codex "fix the tests"', "every argument is Codex's own"],
  ["cdp codex resume --last", "subcommands and options too"],
  ["cdp demo", "see what it does: no Codex, login or Discord needed"],
];

/** `cdp` with anything but `codex`: parses, runs, returns the exit status. */
export async function cdp(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) return (await import("./relaunch.ts")).bare();
  if (name === "--headless") {
    if (rest[0] !== undefined) throw new UserError("cdp --headless takes nothing more.");
    return (await import("./headless.ts")).headless();
  }
  if (name === "--help" || name === "-h" || name === "help") {
    return print(await rootUsage());
  }
  if (name === "--version" || name === "-v" || name === "-V") return print(packageJson.version);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const what = name.startsWith("-") ? "option" : "command";
    throw new UserError(`Unknown ${what} ${JSON.stringify(name)}. See cdp --help.`);
  }
  const command = await load();
  const words = command.marked?.(rest) ?? rest;
  const options = optionsIn(words);
  if (options.includes("--help") || options.includes("-h")) return print(await usage(command));
  return command.run(parse(name, words, command.args));
}

function parse(name: string, words: readonly string[], args: ArgsDef = {}) {
  for (const word of optionsIn(words)) {
    const option = /^--(?:no-)?([^=]+)/.exec(word)?.[1];
    if (option !== undefined && Object.hasOwn(args, option)) continue;
    if (word.startsWith("-") && word !== "-") {
      throw new UserError(`Unknown option ${word}. See cdp ${name} --help.`);
    }
  }
  const values = parseArgs([...words], args);
  const wanted = Object.values(args).filter((arg) => arg.type === "positional").length;
  const extra = values._[wanted];
  if (extra !== undefined) {
    throw new UserError(`${JSON.stringify(extra)} is one word too many. See cdp ${name} --help.`);
  }
  return values;
}

/** What may be an option: all words before the first `--`. */
function optionsIn(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end === -1 ? words : words.slice(0, end);
}

async function rootUsage(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const subCommands = Object.fromEntries(
    Object.keys(commands).map((name, i) => [name, { meta: loaded[i]?.meta ?? {} }]),
  );
  return (await renderUsage({ ...root, subCommands })) + examples(rootExamples);
}

async function usage(command: Command): Promise<string> {
  return (
    (await renderUsage({ meta: command.meta, args: command.args ?? {} }, root)) +
    examples(command.examples)
  );
}

function examples(list: Command["examples"]): string {
  const width = Math.max(...list.map(([line]) => line.length));
  return `\n\nEXAMPLES\n\n${list.map(([line, about]) => `  ${line.padEnd(width)}  ${about}`).join("\n")}`;
}

async function print(text: string): Promise<number> {
  const colours = outputColumns() !== undefined && (process.env["NO_COLOR"] ?? "") === "";
  await printStyled(`${colours ? text : Bun.stripANSI(text)}\n`);
  return 0;
}
