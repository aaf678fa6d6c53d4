import { expect, setDefaultTimeout, test } from "bun:test";
import { openStage } from "./stage.ts";

setDefaultTimeout(120_000);

test("two at the same second in the same folder: each follows its own thread, one publishes", async () => {
  await using left = await openStage({ hold: ["stream/0/middle", "build/1"] });
  await left.friend.sees("Waiting for input");
  await using right = await openStage({ beside: left });
  await right.user.ready();
  await Promise.all([left.user.submit("story build"), right.user.submit("story stream")]);
  await left.friend.sees("Running a command");
  expect(left.home.rollouts().length).toBe(2);
  expect(right.discord.accepted).toBe(0);

  await left.home.openGate();
  left.model.release("build/1");
  await left.friend.sees("Waiting for input");
  await left.user.quit();
  // The other one takes the role, and shows its own thread, which still answers.
  await right.friend.sees("Thinking");
  right.terminal.press("escape");
  await right.friend.sees("Waiting for input");
  expect(right.friend.cards()).not.toContain("Running a command");
  await right.user.quit();
});
