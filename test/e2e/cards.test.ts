import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { expectPlanMode, retryAloud } from "../support/codex-fault.ts";
import { standInMcp } from "../support/codex-home.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

setDefaultTimeout(120_000);

// What a friend sees of each story, in the real Codex. Cards rest 3.5 s, so the model waits at a
// gate until the friend has seen a state, or the limiter is waited for.

interface Told extends StageOptions {
  readonly name: string;
  readonly act: (stage: Stage) => Promise<void>;
  /** Cards from the first prompt until Codex has ended. */
  readonly cards: readonly string[];
}

const rest = "Waiting for input";

const told: readonly Told[] = [
  {
    name: "a prompt",
    hold: ["chat/0"],
    act: async ({ user, model, friend }) => {
      await user.submit("story chat");
      await friend.sees("Thinking");
      model.release("chat/0");
      await friend.sees(rest);
    },
    cards: ["Thinking", rest, "-"],
  },
  {
    name: "a command",
    hold: ["build/0", "build/1"],
    act: async ({ user, model, home, friend }) => {
      await user.submit("story build");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("build/0");
      await friend.sees("Running a command");
      await home.openGate();
      model.release("build/1");
      await friend.sees(rest);
    },
    cards: ["Thinking", "Running a command", rest, "-"],
  },
  {
    name: "a patch",
    hold: ["patch-held/0"],
    act: async ({ user, model, home, friend }) => {
      home.makeGate();
      await user.submit("story patch-held");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("patch-held/0");
      await friend.sees("Editing files");
      expect(await home.readGate()).toBe("one\ntwo\n");
      await friend.sees(rest);
    },
    cards: ["Thinking", "Editing files", rest, "-"],
  },
  {
    name: "reading",
    hold: ["read-held/0"],
    act: async ({ user, model, home, friend }) => {
      home.makeGate();
      await user.submit("story read-held");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("read-held/0");
      await friend.sees("Reading files");
      await home.openGate();
      await friend.sees(rest);
    },
    cards: ["Thinking", "Reading files", rest, "-"],
  },
  {
    name: "searching",
    hold: ["search-held/0"],
    act: async ({ user, model, home, friend }) => {
      home.makeGate();
      await user.submit("story search-held");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("search-held/0");
      await friend.sees("Searching");
      await home.openGate();
      await friend.sees(rest);
    },
    cards: ["Thinking", "Searching", rest, "-"],
  },
  {
    name: "an MCP server's tool",
    tables: standInMcp,
    hold: ["mcp-held/0"],
    act: async ({ user, model, home, friend }) => {
      home.makeGate();
      await user.submit("story mcp-held");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("mcp-held/0");
      await friend.sees("Using a tool");
      await home.openGate();
      await friend.sees(rest);
    },
    cards: ["Thinking", "Using a tool", rest, "-"],
  },
  {
    name: "an approval asked and given",
    sandbox: "workspace-write",
    hold: ["approve-build/0"],
    act: async ({ user, model, home, friend }) => {
      await user.submit("story approve-build");
      await friend.sees("Thinking");
      model.release("approve-build/0");
      await friend.sees("Waiting for approval");
      await friend.hasRoom();
      await user.answers("enter");
      await friend.sees("Running a command");
      await home.openGate();
      await friend.sees(rest);
    },
    cards: ["Thinking", "Waiting for approval", "Running a command", rest, "-"],
  },
  {
    name: "a question",
    hold: ["question/0", "question/1"],
    act: async (stage) => {
      const { user, model, friend } = stage;
      await user.plans();
      await user.submit("story question");
      await model.reached("question/0");
      await expectPlanMode(stage.home);
      await friend.sees("Planning");
      await friend.hasRoom();
      model.release("question/0");
      await friend.sees("Waiting for an answer");
      await user.answers("enter");
      await friend.sees("Planning");
      model.release("question/1");
      await friend.sees(rest);
    },
    cards: ["Planning", "Waiting for an answer", "Planning", rest, "-"],
  },
  {
    name: "an interrupt",
    hold: ["stream/0/middle"],
    act: async ({ user, terminal, model, friend }) => {
      await user.submit("story stream");
      await model.reached("stream/0/middle");
      await friend.sees("Thinking");
      await friend.hasRoom();
      terminal.press("escape");
      await friend.sees(rest);
    },
    cards: ["Thinking", rest, "-"],
  },
  {
    name: "/clear and a new prompt",
    hold: ["chat/0", "build/0", "build/1"],
    act: async ({ user, home, model, friend }) => {
      await user.submit("story chat");
      await friend.sees("Thinking");
      model.release("chat/0");
      await friend.sees(rest);
      await user.submit("/clear");
      await user.submit("story build");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("build/0");
      await friend.sees("Running a command");
      await home.openGate();
      model.release("build/1");
      await friend.sees(rest);
    },
    cards: ["Thinking", rest, "Thinking", "Running a command", rest, "-"],
  },
  {
    name: "a usage limit",
    hold: ["usage-limit/0"],
    act: async ({ user, model, friend }) => {
      await user.submit("story usage-limit");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("usage-limit/0");
      await friend.sees(rest);
    },
    cards: ["Thinking", rest, "-"],
  },
  {
    name: "a code mode model",
    model: "gpt-6.1-sol",
    hold: ["code-mode/0"],
    act: async ({ user, home, model, friend }) => {
      await user.submit("story code-mode");
      await friend.sees("Thinking");
      await friend.hasRoom();
      model.release("code-mode/0");
      await friend.sees("Running a command");
      await home.openGate();
      await friend.sees(rest);
    },
    cards: ["Thinking", "Running a command", rest, "-"],
  },
];

describe.concurrent("what a friend sees of", () => {
  for (const { name, act, cards, ...options } of told) {
    const play = async (): Promise<void> => {
      await using stage = await openStage(options);
      await stage.user.ready();
      await act(stage);
      await stage.user.quit();
      expect(await stage.terminal.exited).toEqual({ code: 0 });
      await stage.friend.sees("-");
      const cardsSeen = withoutPauses(fromFirstPrompt(stage.friend.cards()));
      expect(asksLate(stage) ? withoutCommandBeforeApproval(cardsSeen) : cardsSeen).toEqual([
        ...cards,
      ]);
      expect(new Set(timersOf(stage)).size).toBe(1);
      expect(stage.discord.updates.filter(({ fate }) => fate !== "shown")).toEqual([]);
    };
    test(name, () => retryAloud(name, play));
  }
});

/** So soon after it wrote the command down Codex asks, ms; until then the command is on no card. */
const askMs = 150;

/** Whether Codex, on a busy machine, asked so late that the command was taken to run before. */
function asksLate({ home, user }: Stage): boolean {
  const asked = user.states().find(({ state }) => state === "blocked permission");
  if (asked === undefined) return false;
  const calls = home
    .rollouts()
    .flatMap((path) => readFileSync(path, "utf8").split("\n"))
    .filter((line) => line.includes('"function_call"') && line.includes("exec_command"))
    .map((line): { readonly timestamp: string } => JSON.parse(line));
  return calls.some(({ timestamp }) => asked.wallClock - Date.parse(timestamp) > askMs);
}

function withoutCommandBeforeApproval(cards: readonly string[]): readonly string[] {
  const isCommand = (i: number): boolean => cards[i] === "Running a command";
  return cards.filter((_, i) => !isCommand(i) || cards[i + 1] !== "Waiting for approval");
}

/** Until the first prompt a friend sees that Codex starts and waits, whatever was in time. */
function fromFirstPrompt(cards: readonly string[]): readonly string[] {
  const idle = new Set(["-", "Starting up", rest]);
  return cards.slice(cards.findIndex((card) => !idle.has(card)));
}

/**
 * Between a tool's end and the answer Codex thinks. Whether a friend sees that depends on when the
 * limiter next lets a card out, so it is no part of a story; the first thinking is.
 */
function withoutPauses(cards: readonly string[]): readonly string[] {
  // Codex says that it works before it writes down that it plans.
  const plans = (i: number): boolean => cards[i + 1] === "Planning";
  return cards.filter(
    (card, i) => card !== "Thinking" || (!plans(i) && (i === 0 || cards[i - 1] === rest)),
  );
}

function timersOf(stage: Stage): unknown[] {
  const cards = stage.discord.updates.filter(({ activity }) => activity !== undefined);
  return cards.map(({ activity }) => JSON.stringify(activity?.["timestamps"]));
}
