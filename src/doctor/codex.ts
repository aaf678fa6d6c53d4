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

/** Is there a Codex, does it run, and does it say by itself what it does (OSC 7501)? */
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

/** OSC 7501 came with one of 0.161 to 0.166 (docs/codex.md). */
function signals([major, minor, patch]: Version): Check {
  if (major === 0 && minor === 0 && patch === 0) {
    return warn(signalsName, "a build without a version: it may not say what it does", update);
  }
  if (major > 0 || minor >= 166) {
    return ok(signalsName, "says by itself what it does (OSC 7501), approvals included");
  }
  const seen = "else approvals are not seen and states come from its files";
  return minor >= 161
    ? warn(signalsName, `may or may not say what it does (OSC 7501); ${seen}`, update)
    : warn(signalsName, `too old to say what it does (OSC 7501): approvals are not seen`, update);
}
