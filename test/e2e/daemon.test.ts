import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../support/processes.ts";
import { openStage, type Stage } from "./stage.ts";

setDefaultTimeout(120_000);

// Codex's default: a daemon of its own runs the threads and writes the rollouts. It costs 400 MB
// and some seconds for a new home, so one test goes through all that is different.

test("with the daemon: cards, /clear, a second wrapper on the same daemon, and nothing ended", async () => {
  await using first = await openStage({ args: [], hold: ["stream/0/middle", "build/1"] });
  await first.user.ready();
  await prompt(first, "story build", "Running a command");
  expect(isRunning(daemonOf(first))).toBe(true);
  await first.home.openGate();
  first.model.release("build/1");
  await first.user.sees("done");

  await using second = await openStage({ args: [], beside: first });
  await second.user.ready();
  await second.user.submit("story stream");
  await second.user.sees("working");

  await first.user.submit("/clear");
  first.model.hold("build/1");
  await prompt(first, "story build", "Running a command");
  await first.home.openGate();
  first.model.release("build/1");
  await first.friend.sees("Waiting for input");
  await first.user.quit();
  // The first published; now the second does, of its own thread, which still answers.
  await second.friend.sees("Thinking");
  await second.user.quit();

  expect(second.friend.cards()).not.toContain("Running a command");
  expect(isRunning(daemonOf(first))).toBe(true);
});

async function prompt({ user, friend }: Stage, text: string, card: string): Promise<void> {
  await user.submit(text);
  await friend.sees(card);
}

function daemonOf({ home }: Stage): number {
  const file = join(home.path, "app-server-daemon/daemon.pid");
  return JSON.parse(readFileSync(file, "utf8")).pid;
}
