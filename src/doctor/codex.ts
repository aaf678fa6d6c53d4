import { type Check, fail, ok, warn } from "./check.ts";

/** What is known of the program that `cdp codex` would run. */
export type CodexFacts =
  /** `problem`: what `findCodex` says, which ends in what to do. */
  | { readonly kind: "missing"; readonly problem: string }
  | { readonly kind: "found"; readonly path: string; readonly said: CodexAnswer };

/** What `codex --version` came to. */
export type CodexAnswer =
  | { readonly kind: "version"; readonly text: string }
  | { readonly kind: "silent"; readonly why: string };

const name = "codex";
const signalsName = "codex signals";
const update = "Update it: `npm install -g @openai/codex@latest`.";

/** Is there a Codex, does it run, and which signals does its release give? */
export function checkCodex(facts: CodexFacts): readonly Check[] {
  if (facts.kind === "missing") {
    const [, line, fix] = /^(.*?[.)]) ((?:Install|Set) .*)$/s.exec(facts.problem) ?? [];
    return [
      fail(name, line ?? facts.problem, fix ?? "Set CDP_CODEX_BIN to Codex's path, or unset it."),
    ];
  }
  const { path, said } = facts;
  if (said.kind === "silent") {
    const fix = "Run it yourself with --version; reinstall Codex if that fails too.";
    return [fail(name, `${path} does not tell its version: ${said.why}`, fix)];
  }
  const version = versionOf(said.text);
  if (version === undefined) {
    const fix = "Set CDP_CODEX_BIN to the path of Codex if this is another program.";
    return [warn(name, `${path} says ${JSON.stringify(said.text)}, which is no version`, fix)];
  }
  return [ok(name, `${version.join(".")} at ${path}`), signals(version)];
}

type Version = readonly [major: number, minor: number, patch: number];

/** `codex-cli 0.169.0-alpha.1` and the like. */
export function versionOf(text: string): Version | undefined {
  const [, major, minor, patch] = /(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/**
 * Which releases give which signals, newest first: measured on 0.80, 0.100, 0.120, 0.140, 0.150,
 * 0.166, 0.169 and 0.171 (docs/codex.md). `complete`: nothing is missing from the card.
 */
const releases: readonly {
  readonly since: number;
  readonly complete: boolean;
  readonly line: string;
}[] = [
  {
    since: 166,
    complete: true,
    line: "reports its own state (OSC 7501), approvals and questions included",
  },
  {
    since: 161,
    complete: true,
    line: "may report its own state (OSC 7501, in every release from 0.166 on); else its window title and rollouts tell it, approvals included",
  },
  {
    since: 140,
    complete: true,
    line: "its window title and rollouts tell what it does, approvals included; it reports its own state from 0.166 on (OSC 7501)",
  },
  {
    since: 0,
    complete: false,
    line: "before 0.140 only thinking and waiting for input are certain; commands and approvals may be missing",
  },
];

function signals([major, minor, patch]: Version): Check {
  if (major === 0 && minor === 0 && patch === 0) {
    return warn(signalsName, "a build without a version: it may not report its own state", update);
  }
  const release = releases.find(({ since }) => major > 0 || minor >= since);
  const { complete = false, line = "" } = release ?? {};
  return complete ? ok(signalsName, line) : warn(signalsName, line, update);
}
