import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { effortWord, modelLabel, tierWord } from "../../src/codex/models.ts";

const labels: readonly (readonly [string, string | undefined])[] = [
  ["gpt-5.5", "GPT-5.5"],
  ["GPT-5.5", "GPT-5.5"],
  ["gpt-6.1-sol", "GPT-6.1 Sol"],
  ["gpt-6-astra", "GPT-6 Astra"],
  ["gpt-5.4-mini", "GPT-5.4 Mini"],
  ["gpt-5.1-codex-max", "GPT-5.1 Codex Max"],
  ["gpt-5.5-2026-07-09", "GPT-5.5"],
  ["gpt-5.4-mini-20260317", "GPT-5.4 Mini"],
  ["gpt-daybreak-blue-latest", "GPT Daybreak Blue"],
  ["gpt-4o", "GPT-4o"],
  ["gpt-oss-120b", "GPT-OSS 120B"],
  ["gpt", "GPT"],
  ["codex-mini-latest", "Codex Mini"],
  ["codex-auto-review", "Codex Auto Review"],
  ["openai/gpt-5.5", "GPT-5.5"],
  ["ft:gpt-4o:acme-corp:payroll:abc123", "GPT-4o"],
  ["o3", "o3"],
  ["qwen2.5-coder:32b", "qwen2.5-coder:32b"],
  ["/home/me/models/local.gguf", "local.gguf"],
  ["C:\\models\\local.gguf", "local.gguf"],
  ["https://models.example/v1/", "v1"],
  ["gpt-5.5\u202e\u0007\n", "GPT-5.5"],
  ["a".repeat(40), `${"a".repeat(31)}…`],
  ["", undefined],
  ["   ", undefined],
  ["///", undefined],
  ["\u0000\u001f", undefined],
];

test.each(labels)("the model %j is called %p", (id, label) => {
  expect(modelLabel(id)).toBe(label);
});

test("a label of any id is short, printable and never empty", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (id) => {
      const label = modelLabel(id);
      if (label === undefined) return;
      expect(label).toMatch(/^[\w.:+ -]{1,31}[\w.:+ …-]?$/);
    }),
  );
});

const efforts: readonly (readonly [string, string | undefined])[] = [
  ["none", "no reasoning"],
  ["minimal", "minimal"],
  ["low", "low"],
  ["Medium", "medium"],
  ["xhigh", "extra high"],
  ["very_high", "very high"],
  ["constructor", "constructor"],
  ["", undefined],
  ["12", undefined],
  ["two words", undefined],
  ["x".repeat(17), undefined],
];

test.each(efforts)("the effort %j reads %p", (effort, word) => {
  expect(effortWord(effort)).toBe(word);
});

const tiers: readonly (readonly [string, string | undefined])[] = [
  ["default", undefined],
  ["auto", undefined],
  ["standard", undefined],
  ["priority", "fast"],
  ["fast", "fast"],
  ["Flex", "flex"],
  ["", undefined],
  ["\u0007", undefined],
];

test.each(tiers)("the service tier %j reads %p", (tier, word) => {
  expect(tierWord(tier)).toBe(word);
});
