import { expect, test } from "bun:test";
import { join } from "node:path";
import { scrubberFor } from "../../src/presence/scrub.ts";

// Every kind of key, token and number that we know of, made up here: `{b20}` stands for 20 letters
// and digits, `h` hexadecimal, `l` small letters and digits, `u` capitals and digits, `a` letters,
// `U` capitals.

const fixture = join(import.meta.dir, "../fixtures/secret-shapes.txt");
const shapes = (await Bun.file(fixture).text()).trim().split("\n");

const alphabets: Readonly<Record<string, string>> = {
  a: "kQzXmVbTfRwYpLcNsHdGjAeUxZiOtKqWvBnMyCrEgFhJlPaSuDkXwQ",
  U: "KQZXMVBTFRWYPLCNSHDGJAEUXZIOTKQWVBNMYCREGFHJLPASUDKXWQ",
  b: "k7QzX2mVb9TfR4wYp1LcN8sHd3GjA6eUx5ZiO0tKqWvBnMyCrEgFhJlPaSuD7k2",
  h: "3f9a1c7be04d52868b0f6e2d9ac41753",
  l: "k7qzx2mvb9tfr4wyp1lcn8shd3gja6eux5zio0tkqwvbnmycregfhjlpasud7k2",
  u: "K7QZX2MVB6TFR4WYP3LCN5SHD3GJA6EUX5ZIO7TKQWVBNMYCREGFHJLPASUD7K2",
};
const secrets = shapes.map((shape) =>
  shape.replaceAll(/\{([abhluU])(\d+)\}/g, (_, kind: string, length: string) =>
    alphabets[kind]!.repeat(4).slice(0, Number(length)),
  ),
);

/** Where a secret can stand: alone, in words, in a branch, quoted, cut up by what nobody sees. */
const forms: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `v${secret}`,
  (secret) => `fix ${secret} now`,
  (secret) => `(${secret})`,
  (secret) => `"${secret}",`,
  (secret) => `branch/${secret}`,
  (secret) => `feat-${secret}`,
  (secret) => `x=${secret}`,
  (secret) => `${secret}.ts`,
  (secret) => secret.replaceAll(/./g, "$&\u200B"),
];

const { fact, line } = scrubberFor({ words: [], home: "/home/ann", names: ["ann"] });

test.each(secrets)("%s", (secret) => {
  const telling = secret.includes("hunter2secret") ? "hunter2secret" : secret.slice(-10);
  const said = forms.flatMap((form) => [line(form(secret)), fact(form(secret))]);
  expect(said.filter((text) => text?.includes(telling))).toEqual([]);
});

test("there are more than two hundred of them", () => {
  expect(new Set(secrets).size).toBeGreaterThan(200);
});

/** What reads a little like a secret and is none. */
const harmless = `utf8mb4_0900_ai_ci|aarch64-unknown-linux-gnu|x86_64-pc-windows-msvc|sha256sum|ES2022
h264-to-h265|mp3tomp4|GPT-5.5 high|gpt-4o-mini-2024-07-18|claude-3-5-sonnet-20241022|python3.11
node20-alpine3.19|k8s-1.29-upgrade|PROJ-1234-fix-login|PROJ-1234-FIX-LOGIN-PAGE|20260101T120000Z
rtx4090-cuda12-py311-torch2|base64url|ipv4-to-ipv6|vp9_10bit_444|stm32f407vgt6|esp32c3-devkitm1
Qwen2.5-Coder-32B-Instruct-GGUF|Llama-3.1-8B-Q4_K_M|sk-learn|fix/issue-4111-1111|tokenizer-v2
release/2026.01.15-rc.2|feat/a11y-i18n-l10n|token refresh|Fix password reset|auth: fix login
npm run build:prod|cargo test --all-features|pytest -k test_login|git rebase -i|terraform plan
1.2M tokens|45% context|$1.23|12% of 5h limit|3 sessions · 2 projects|2026-01-01-120000-backup
v1.2.3+20260101|bump deps 4.17.21 to 4.17.22|useGetApiV2UsersByIdQuery|UIView+Extensions2.swift
CVE-2024-12345|TEST-2024-SOME-CASE|INT4-AWQ-GPTQ|UTF-8|ISO-8859-1|mysql -p|Basic HTML5 page|hotkey
keyboard shortcuts|gh auth login|ssh-keygen -t ed25519|openssl x509 -in a.pem|curl -u|passkeys
1700000000000_init.sql|20240101123456_create_users.rb|Dockerfile.arm64v8|feature/oauth2-pkce-s256
i18nL10nA11yHelpers|md5-to-sha1-to-sha256|ecdsa-sha2-nistp256|utf16le2utf8|level1task2step3`;

test.each(harmless.split(/[|\n]/))("left as it is: %s", (text) => {
  expect(line(text)).toBe(text);
});
