import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { expectPlanMode, retryAloud } from "../support/codex-fault.ts";
import {
  codexBinary,
  makeCodexHome,
  standInMcp,
  type CodexHome,
  type CodexHomeOptions,
} from "../support/codex-home.ts";
import { codexUser, type CodexUser, type StateChange } from "../support/codex-user.ts";
import { startModelService, type ModelService } from "../support/model-service.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";

setDefaultTimeout(120_000);

// What we rely on in the real Codex, without `cdp`. When a new Codex behaves otherwise, these say
// so before the others fail for less obvious reasons.

interface Stage {
  readonly user: CodexUser;
  readonly terminal: VirtualTerminal;
  readonly model: ModelService;
  readonly home: CodexHome;
}

interface Told {
  readonly name: string;
  readonly home?: Partial<CodexHomeOptions>;
  readonly act: (stage: Stage) => Promise<unknown>;
  /** States announced from the first prompt on, until Codex ends. */
  readonly states: readonly string[];
  /** Tool calls and ends of turns in the rollouts, in order. */
  readonly rollout: readonly string[];
}

const told: readonly Told[] = [
  {
    name: "an answer",
    act: ({ user }) => prompt(user, "chat"),
    states: ["working", "done", "idle", "clear"],
    rollout: ["task_complete"],
  },
  {
    name: "a command",
    act: async ({ user, home }) => {
      await user.submit("story build");
      await home.openGate();
      await user.sees("done");
    },
    states: ["working", "done", "idle", "clear"],
    rollout: ["exec_command", "CommandExecution", "task_complete"],
  },
  {
    name: "a patch",
    act: ({ user }) => prompt(user, "patch"),
    states: ["working", "done", "idle", "clear"],
    rollout: ["apply_patch", "FileChange", "apply_patch", "FileChange", "task_complete"],
  },
  {
    name: "an approval asked and given",
    home: { sandbox: "workspace-write" },
    act: async ({ user }) => {
      await user.submit("story approve");
      await user.sees("blocked permission");
      await user.answers("enter");
      await user.sees("done");
    },
    states: ["working", "blocked permission", "working", "done", "idle", "clear"],
    rollout: ["exec_command", "CommandExecution", "task_complete"],
  },
  {
    name: "an approval refused",
    home: { sandbox: "workspace-write" },
    act: async ({ user, terminal }) => {
      await user.submit("story approve");
      await user.sees("blocked permission");
      await user.answers("escape");
      await terminal.waitForText(/interrupted/);
      await terminal.waitUntil("idle", () => user.states().at(-1)?.state === "idle");
    },
    states: ["working", "blocked permission", "working", "idle", "clear"],
    rollout: ["exec_command", "turn_aborted"],
  },
  {
    name: "a question",
    act: async ({ user, home }) => {
      await user.plans();
      await user.submit("story question");
      await expectPlanMode(home);
      await user.sees("blocked question");
      await user.answers("enter");
      await user.sees("done");
    },
    states: ["working", "blocked question", "working", "done", "idle", "clear"],
    rollout: ["request_user_input", "task_complete"],
  },
  {
    name: "an interrupt",
    act: async ({ user, terminal, model }) => {
      model.hold("stream/0/middle");
      await user.submit("story stream");
      await model.reached("stream/0/middle");
      terminal.press("escape");
      await user.sees("idle");
    },
    states: ["working", "idle", "clear"],
    rollout: ["turn_aborted"],
  },
  {
    name: "/clear and a new prompt",
    act: async ({ user }) => {
      await prompt(user, "chat");
      await user.submit("/clear");
      await prompt(user, "chat");
    },
    states: ["working", "done", "idle", "working", "done", "idle", "clear"],
    rollout: ["task_complete", "task_complete"],
  },
  {
    name: "a usage limit",
    act: ({ user }) => prompt(user, "usage-limit", "error"),
    states: ["working", "error", "idle", "clear"],
    rollout: ["task_complete usage_limit_exceeded"],
  },
  {
    name: "an MCP server's tool",
    home: { tables: standInMcp },
    act: ({ user }) => prompt(user, "mcp"),
    states: ["working", "done", "idle", "clear"],
    rollout: ["echo", "McpToolCall", "task_complete"],
  },
  {
    name: "a code mode model",
    home: { model: "gpt-6.1-sol" },
    act: async ({ user, home }) => {
      await user.submit("story code-mode");
      await home.openGate();
      await user.sees("done");
    },
    states: ["working", "done", "idle", "clear"],
    rollout: ["exec", "CommandExecution", "task_complete"],
  },
];

for (const { name, home: options, act, states, rollout } of told) {
  const play = async (): Promise<void> => {
    await using model = startModelService();
    using home = makeCodexHome({ modelUrl: model.url, ...options });
    await using terminal = openVirtualTerminal({
      command: [codexBinary(), "--no-daemon"],
      env: home.env,
      cwd: home.project,
    });
    const user = codexUser(terminal, home.path);
    await user.ready();
    const before = user.states().length;
    await act({ user, terminal, model, home });
    await user.quit();
    expect(await terminal.exited).toEqual({ code: 0 });
    const announced = user.states().slice(before);
    expect(withoutBlips(announced)).toEqual([...states]);
    expect(home.rollouts().flatMap(toolsAndEnds)).toEqual([...rollout]);
  };
  test(name, () => retryAloud(name, play), 60_000);
}

/** When a thread is made, Codex is busy for some 30 ms, if it says so at all. */
function withoutBlips(changes: readonly StateChange[]): readonly string[] {
  const blip = (i: number): boolean => {
    const [from, to] = [changes[i], changes[i + 1]];
    if (from?.state !== "working" || to?.state !== "idle") return false;
    return to.at - from.at < 300 && changes[i + 2]?.state === "working";
  };
  return changes.filter((_, i) => !blip(i) && !blip(i - 1)).map(({ state }) => state);
}

async function prompt(user: CodexUser, story: string, end = "done"): Promise<void> {
  await user.submit(`story ${story}`);
  await user.sees(end);
}

interface RolloutItem {
  readonly payload: {
    readonly type?: string;
    readonly name?: string;
    readonly item?: { readonly type: string };
    readonly error?: { readonly codex_error_info: unknown } | null;
  };
}

function toolsAndEnds(path: string): string[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.flatMap((line) => {
    const { payload }: RolloutItem = JSON.parse(line);
    const { type, name, item, error } = payload;
    if (type === "function_call" || type === "custom_tool_call") return [String(name)];
    if (type === "turn_aborted") return [type];
    if (type === "task_complete")
      return [[type, error?.codex_error_info].filter(Boolean).join(" ")];
    return /Execution|FileChange|ToolCall/.test(item?.type ?? "") ? [String(item?.type)] : [];
  });
}
