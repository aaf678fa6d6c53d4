import { expect, test } from "bun:test";
import { CodexFault, retryAloud } from "../support/codex-fault.ts";

/** Fails with these errors, one after the other, then succeeds. */
async function playedWith(...faults: readonly Error[]) {
  const lines: string[] = [];
  let plays = 0;
  const play = async (): Promise<void> => {
    const fault = faults[plays];
    plays += 1;
    if (fault !== undefined) throw fault;
  };
  const error = await retryAloud("a story", play, (line) => void lines.push(line)).catch(String);
  return { error, plays, lines };
}

const codex = new CodexFault("Codex forgot it");

test("what Codex does wrong is played again, three times at most, and told aloud", async () => {
  expect(await playedWith(codex)).toEqual({
    error: undefined,
    plays: 2,
    lines: ["retried: a story: Codex forgot it"],
  });
  const never = await playedWith(codex, codex, codex, codex);
  expect(never).toMatchObject({ error: "CodexFault: Codex forgot it", plays: 3 });
  expect(never.lines).toHaveLength(2);
});

test("what else fails, fails at once", async () => {
  expect(await playedWith(new Error("ours"))).toEqual({
    error: "Error: ours",
    plays: 1,
    lines: [],
  });
});
