/**
 * Every check of this project, in order: `npm test`. Ends with what failed, and `N passed, N failed`.
 * Names of steps as arguments run only those: `npm run test:unit`.
 *
 * Each step is one check, but for the test runs, whose tests count singly. What a user may have
 * set for Codex, Discord or cdp itself does not reach the tests.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const bun = process.execPath;
const bin = (name: string) => join(root, "node_modules", ".bin", name);

const unit = readdirSync(join(root, "test"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["e2e", "support", "fixtures"].includes(entry.name))
  .map((entry) => `./test/${entry.name}/`);

const steps: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["format", [bin("oxfmt"), "--check"]],
  ["lint", [bin("oxlint"), "--type-aware", "--deny-warnings"]],
  ["types", [bin("tsc")]],
  ["unit tests", [bun, "test", "--timeout", "30000", ...unit]],
  ["build", [bun, "scripts/build.ts"]],
  ["smoke checks", [bun, "scripts/smoke.ts"]],
  ["end-to-end tests", [bun, "test", "--timeout", "120000", "./test/e2e/"]],
];

const foreign = /^(?:CODEX_|CDP_|OPENAI_|DISCORD_|NO_COLOR$|FORCE_COLOR$|TMUX|STY$|TERM_PROGRAM)/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));

mkdirSync(join(root, ".scratch"), { recursive: true });
let passed = 0;
let failed = 0;
const reports: string[] = [];
/** Stories that were played again because bare Codex fails in them too. */
const retried: string[] = [];
const only = process.argv.slice(2);
const unknown = only.filter((name) => !steps.some(([step]) => step === name));
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(", ")}\n`);
  process.exit(2);
}
for (const [name, command] of steps.filter(([step]) => only.length === 0 || only.includes(step))) {
  const start = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const counts = await run(command);
  passed += counts.passed;
  failed += counts.failed;
  retried.push(...(counts.text.match(/^retried: .*$/gm) ?? []));
  if (counts.failed > 0) reports.push(...failuresIn(counts.text, name));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${counts.failed === 0 ? "ok" : "FAILED"} (${seconds} s)\n`);
}
for (const report of reports) process.stdout.write(`\nFAILED ${report}\n`);
if (retried.length > 0) {
  const lines = retried.map((line) => `\n  ${line}`).join("");
  process.stdout.write(`\n${retried.length} played again, since Codex alone fails too:${lines}\n`);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

/** Runs one step and passes its output on; a test run is counted by the runner's closing lines. */
async function run(
  command: readonly string[],
): Promise<{ passed: number; failed: number; text: string }> {
  const child = Bun.spawn([...command], {
    cwd: root,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const texts = await Promise.all([child.stdout, child.stderr].map(passOn));
  const status = await child.exited;
  const text = texts.join("\n");
  const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(text)?.[1]);
  const [pass, fail] = [count("pass"), count("fail")];
  const ended = status === 0 ? 0 : 1;
  if (Number.isNaN(pass)) return { passed: 1 - ended, failed: ended, text };
  // A runner that dies after its summary has failed, whatever it counted.
  return { passed: pass, failed: Math.max(fail || 0, ended), text };
}

/** Each test that failed with what it printed; of another step its last lines. */
function failuresIn(text: string, step: string): string[] {
  const summary = text.search(/^\d+ tests? failed:$/m);
  const results = text
    .slice(0, summary < 0 ? undefined : summary)
    .split(/^(?=\((?:pass|fail)\) )/m);
  const tests = results.flatMap((result, i) => {
    const name = /^\(fail\) (.*)/.exec(result)?.[1];
    const printed = results[i - 1]?.replace(/^\((?:pass|fail)\) .*\n/, "") ?? "";
    return name === undefined ? [] : [`${name}\n${lastLines(printed)}`];
  });
  return tests.length > 0 ? tests : [`${step}\n${lastLines(text)}`];
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-50).join("\n");
}

async function passOn(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    process.stdout.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text.replaceAll(/\u001b\[[\d;]*m/g, "");
}
