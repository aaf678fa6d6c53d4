// Plays one story on the real Codex and prints what it did, for whoever wants to see:
//   bun test/support/run-story.ts approve
// With --record it also keeps what it did in test/fixtures/rollouts/story_approve.
import { readFileSync } from "node:fs";
import { codexBinary, makeCodexHome, standInMcp, type CodexHome } from "./codex-home.ts";
import { codexUser, type CodexUser } from "./codex-user.ts";
import { startModelService, type ModelService } from "./model-service.ts";
import { stories } from "./model-stories.ts";
import { recordStory } from "./record-story.ts";
import { openVirtualTerminal, type VirtualTerminal } from "./virtual-terminal.ts";

interface Stage {
  readonly user: CodexUser;
  readonly terminal: VirtualTerminal;
  readonly home: CodexHome;
  readonly model: ModelService;
}

/** What the user does between the prompt and the end, where that is not just to wait. */
const scripts: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  async build({ user, home }) {
    await user.submit("story build");
    await home.openGate();
    await user.sees("done");
  },
  async stream({ user, terminal, model }) {
    model.hold("stream/0/middle");
    await user.submit("story stream");
    await terminal.waitForText(/First half/);
    terminal.press("escape");
    await user.sees("idle");
  },
  async "code-mode"({ user, home }) {
    await user.submit("story code-mode");
    await home.openGate();
    await user.sees("done");
  },
  async approve({ user }) {
    await user.submit("story approve");
    await user.sees("blocked permission");
    await user.answers("enter");
    await user.sees("done");
  },
  async "approve-build"({ user, home }) {
    await user.submit("story approve-build");
    await user.sees("blocked permission");
    await user.answers("enter");
    await home.openGate();
    await user.sees("done");
  },
  async question({ user }) {
    await user.plans();
    await user.submit("story question");
    await user.sees("blocked question");
    await user.answers("enter");
    await user.sees("done");
  },
  async clear({ user, terminal }) {
    await user.submit("story chat");
    await user.sees("done");
    await user.submit("/clear");
    await terminal.waitUntil(
      "an empty screen",
      () => !/short answer/.test(terminal.screen().join("\n")),
    );
    await user.submit("story shell");
    await user.sees("done");
  },
  async compact({ user, terminal }) {
    await user.submit("story chat");
    await user.sees("done");
    await user.submit("/compact");
    await terminal.waitForText(/Context compacted/);
  },
  async "usage-limit"({ user }) {
    await user.submit("story usage-limit");
    await user.sees("error");
  },
  async "server-error"({ user }) {
    await user.submit("story server-error");
    await user.sees("error");
  },
};

const name = process.argv[2] ?? "chat";
const model = startModelService();
const codeMode = name === "code-mode" || name === "spawn";
const home = makeCodexHome({
  modelUrl: model.url,
  model: codeMode ? "gpt-6.1-sol" : "gpt-5.5",
  sandbox: name.startsWith("approve") ? "workspace-write" : "danger-full-access",
  tables: ["[tools.update_plan]", "enabled = true", ...standInMcp],
});
const record = process.argv[3] === "--record";
const args = ["--no-daemon", ...process.argv.slice(record ? 4 : 3)];
const terminal = openVirtualTerminal({
  command: [codexBinary(), ...args],
  env: home.env,
  cwd: home.project,
});
const user = codexUser(terminal, home.path);
try {
  await user.ready();
  const script = scripts[name] ?? plainScript(name);
  await script({ user, terminal, home, model });
  printScreen("screen");
  await user.quit();
} catch (thrown) {
  printScreen(thrown instanceof Error ? thrown.message.split(";")[0]! : "failed");
}
await terminal[Symbol.asyncDispose]();
printTimeline();
if (record) recordStory(name, home, user.states());
await model.close();
home[Symbol.dispose]();

function plainScript(story: string): (stage: Stage) => Promise<void> {
  if (stories[story] === undefined) throw new Error(`stories: ${Object.keys(stories).join(" ")}`);
  return async ({ user: self }) => {
    await self.submit(`story ${story}`);
    await self.sees("done");
  };
}

function printScreen(title: string): void {
  print(`--- ${title}`);
  print(
    terminal
      .screen()
      .filter((row) => row !== "")
      .join("\n"),
  );
}

function printTimeline(): void {
  const lines: { at: number; text: string }[] = [];
  for (const each of user.states())
    lines.push({ at: each.wallClock, text: `OSC 7501 ${each.state}` });
  for (const each of model.requests) {
    lines.push({ at: each.at, text: `request ${each.kind} ${each.story}/${each.index}` });
  }
  for (const path of home.rollouts()) {
    for (const line of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
      const item: RolloutItem = JSON.parse(line);
      lines.push({
        at: Date.parse(item.timestamp),
        text: `${path.slice(-10, -6)} ${nameOf(item)}`,
      });
    }
  }
  const start = lines.reduce((least, line) => Math.min(least, line.at), Infinity);
  print("--- timeline (ms)");
  for (const { at, text } of lines.toSorted((a, b) => a.at - b.at)) {
    print(`${(at - start).toFixed(0).padStart(6)} ${text}`);
  }
}

interface RolloutItem {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: { type?: string; name?: string; role?: string; item?: { type: string } };
}

function nameOf({ type, payload }: RolloutItem): string {
  const parts = [type, payload.type, payload.item?.type, payload.role, payload.name];
  return parts.filter(Boolean).join(" ");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
