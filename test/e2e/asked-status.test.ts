import { expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openStage, type Stage } from "./stage.ts";

setDefaultTimeout(120_000);

// A Codex that asks its terminal for OSC 7501 before it tells anything (test/support/asking-child.ts),
// beneath a terminal that answers, is silent, or answers late.

const ST = "\x1b\\";
const asking = resolve(import.meta.dir, "../support/asking-child.ts");

const program =
  (...args: readonly string[]) =>
  (home: string): string => {
    const path = join(home, "asking");
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${asking}" ${args.join(" ")}\n`);
    chmodSync(path, 0o755);
    return path;
  };

const count = (stage: Stage, text: string): number =>
  stage.terminal.output().split(text).length - 1;
const asked = (stage: Stage, query: string): Promise<void> =>
  stage.terminal.waitUntil("the query at the terminal", () => count(stage, query) === 1);

/** The child types as it says what it got: `w`, and the friend sees it. */
async function works(stage: Stage): Promise<void> {
  await stage.friend.hasRoom();
  stage.terminal.type("w");
  await stage.friend.sees("Thinking");
}

for (const screen of ["main", "alternate"]) {
  for (const [end, query] of [
    ["st", `\x1b]7501;?${ST}`],
    ["bel", "\x1b]7501;?\x07"],
  ] as const) {
    test(`a silent terminal, ${screen} screen, ${end}: the card says what the child does`, async () => {
      await using stage = await openStage({ program: program(screen, end, "cut") });
      await stage.terminal.waitForText(/answers=1 keys="" \./);
      await works(stage);
      stage.terminal.type("b");
      await stage.friend.sees("Waiting for approval");
      // Read, and not passed on to a terminal that does not know it.
      expect(stage.terminal.output()).not.toContain("7501;state");
      expect(count(stage, query)).toBe(1);
      stage.terminal.type("q");
      expect(await stage.terminal.exited).toEqual({ code: 0 });
    });
  }

  test(`a terminal that answers, ${screen} screen: its answer, once, and the reports are its`, async () => {
    const env = { SSH_TTY: "/dev/pts/0" }; // Time for the answer, however loaded the machine is.
    await using stage = await openStage({ program: program(screen, "st"), env });
    await asked(stage, `\x1b]7501;?${ST}`);
    for (const byte of `\x1b]7501;?${ST}`) stage.terminal.type(byte);
    await stage.terminal.waitForText(/answers=1 keys="" \./);
    await works(stage);
    expect(stage.terminal.output()).toContain("7501;state=working:app=codex");
    await stage.terminal.waitForText(/answers=1 keys="w" \./);
    stage.terminal.type("q");
    await stage.terminal.exited;
  });

  test(`a terminal that answers late, ${screen} screen, cut anywhere: the child gets one answer`, async () => {
    const answer = `\x1b]7501;?${ST}`;
    for (const cut of [2, 5, 8, 9]) {
      // oxlint-disable-next-line no-await-in-loop -- one terminal at a time
      await using stage = await openStage({ program: program(screen, "st") });
      // oxlint-disable-next-line no-await-in-loop -- one terminal at a time
      await stage.terminal.waitForText(/answers=1 keys="" \./);
      stage.terminal.type(answer.slice(0, cut));
      stage.terminal.type(`${answer.slice(cut)}w`);
      // oxlint-disable-next-line no-await-in-loop -- one terminal at a time
      await stage.terminal.waitForText(/answers=1 keys="w" \./);
      // oxlint-disable-next-line no-await-in-loop -- one terminal at a time
      await stage.terminal.waitUntil("the report at a terminal that knows it", () =>
        stage.terminal.output().includes("7501;state=working"),
      );
      stage.terminal.type("q");
      // oxlint-disable-next-line no-await-in-loop -- one terminal at a time
      await stage.terminal.exited;
    }
  });
}
