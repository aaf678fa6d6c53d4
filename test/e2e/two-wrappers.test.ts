import { expect, setDefaultTimeout, test } from "bun:test";
import { openStage } from "./stage.ts";

setDefaultTimeout(120_000);

test("two at the same second in the same folder: each card follows its own thread", async () => {
  await using left = await openStage({ hold: ["stream/0/middle", "build/1"] });
  await using right = await openStage({ beside: left });
  await Promise.all([left.user.ready(), right.user.ready()]);
  await Promise.all([left.user.submit("story build"), right.user.submit("story stream")]);
  await Promise.all([left.friend.sees("Running a command"), right.friend.sees("Thinking")]);
  expect(left.home.rollouts().length).toBe(2);

  await left.home.openGate();
  left.model.release("build/1");
  await left.friend.sees("Waiting for input");
  right.terminal.press("escape");
  await right.friend.sees("Waiting for input");

  expect(left.friend.cards()).toContain("Running a command");
  expect(right.friend.cards()).not.toContain("Running a command");
  await Promise.all([left.user.quit(), right.user.quit()]);
});
