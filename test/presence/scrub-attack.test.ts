import { expect, test } from "bun:test";
import { scrubberFor } from "../../src/presence/scrub.ts";

// Every kind of key, token and number that we know of, made up here: `{b20}` stands for 20 letters
// and digits, `h` hexadecimal, `l` small letters and digits, `u` capitals and digits.

const shapes = String.raw`
sk-{b48}
sk-proj-{b60}
sk-svcacct-{b60}
sk-admin-{b50}
sk-ant-api03-{b80}
sk-or-v1-{h64}
gsk_{b52}
xai-{b80}
pplx-{h48}
r8_{b37}
{b40}
{b32}
{h64}
fw_{b24}
sk-{h32}
hf_{b34}
api_org_{b34}
sk_{h48}
csk-{l48}
nvapi-{b64}
lsv2_pt_{h32}_{h10}
pcsk_{b60}
{h40}
pa-{b43}
tvly-{b32}
{h8}-{h4}-{h4}-{h4}-{h12}
ghp_{b36}
gho_{b36}
ghu_{b36}
ghs_{b36}
ghr_{b36}
github_pat_{b22}_{b59}
glpat-{b20}
gldt-{b20}
glrt-{b20}
glcbt-64_{b20}
glptt-{h40}
glsoat-{b20}
glft-{b20}
glimt-{b25}
glagent-{b50}
ATBB{b32}
ATCTT3xFfGN0{b60}
AKIA{u16}
IQoJb3JpZ2luX2Vj{b80}
ABSK{b60}
AIza{b35}
ya29.{b60}
GOCSPX-{b28}
1//0{b60}
AAAA{b7}:APA91b{b60}
{b37}==
sv=2022-11-02&ss=b&sig={b20}%2F{b20}%3D
abc8Q~{b34}
{l52}
DefaultEndpointsProtocol=https;AccountName=x;AccountKey={b86}==;
xoxb-123456789012-1234567890123-{b24}
xoxp-1234567890-1234567890-{h32}
xapp-1-A0123456789-1234567890123-{h64}
https://hooks.slack.com/services/T00000000/B00000000/{b24}
xoxe.xoxp-1-{b60}
MTAxMDEwMTAxMDEwMTAxMDEw.GabcDE.{b38}
https://discord.com/api/webhooks/123456789012345678/{b68}
123456789:AA{b33}
https://x.webhook.office.com/webhookb2/{h8}-{h4}-{h4}-{h4}-{h12}@x/IncomingWebhook/{h32}/x
sk_live_{b24}
rk_live_{b24}
whsec_{b32}
access_token~production~{l16}~{h32}
sq0atp-{b22}
sq0csp-{b43}
EAAA{b60}
shpat_{h32}
shpss_{h32}
access_token~sandbox~{l16}~{h32}
access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}
rzp_live_{b14}
AC{h32}
SK{h32}
SG.{b22}.{b43}
key-{h32}
{h32}-{h8}-{h8}
{h32}-us12
re_{b8}_{b24}
xkeysib-{h64}-{b16}
npm_{b36}
pypi-AgEIcHlwaS5vcmc{b60}
rubygems_{h48}
oy2{l43}
cio{b32}
dckr_pat_{b27}
dckr_oat_{b32}
AKCp{b69}
cmVmdGtu{b56}
CLOJARS_{h60}
dop_v1_{h64}
doo_v1_{h64}
HRKU-{h8}-{h4}-{h4}-{h4}-{h12}
{b24}
nfp_{b36}
fo1_{b43}
FlyV1 fm2_{b60}
rnd_{b32}
{h37}
v1.0-{h24}-{h146}
sbp_{h40}
sb_secret_{b31}
pscale_tkn_{b43}
pscale_pw_{b43}
napi_{l64}
dapi{h32}
ver:1-hint:123-ETMsDgAAA{b40}
tskey-auth-{b11}-{b32}
{b14}.atlasv1.{b60}
hvs.{b90}
hvb.{b90}
s.{b24}
dp.pt.{b43}
ops_{b80}
A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}
AGE-SECRET-KEY-1{u58}
pul-{h40}
lin_api_{b40}
lin_oauth_{h64}
ntn_{b46}
secret_{b43}
figd_{b40}
1/1234567890123456:{h32}
ATATT3xFfGF0{b180}
ATTA{h64}
pat{b14}.{h64}
key{b14}
sl.{b130}
eyJzdiI6IjAwMDAwMSIsImFsZyI6IkhTNTEyIn0.{b60}
sntrys_{b80}
sntryu_{h64}
{h32}
NRAK-{u27}
{h36}NRAL
glc_{b60}
glsa_{b32}_{h8}
hcaik_{l58}
dt0c01.{u24}.{u64}
Splunk {h40}
u+{b18}
sdk-{h8}-{h4}-{h4}-{h4}-{h12}
phc_{b43}
phx_{b43}
sk.eyJ1IjoiYSJ9.{b22}
pk.eyJ1IjoiYSJ9.{b22}
00{b40}
{b64}
sk_test_{b40}
CFPAT-{b43}
sk{b160}
pnu_{l36}
rdme_{l70}
FLWSECK_TEST-{h32}-X
duffel_live_{b43}
0x{h64}
5K{b49}
xprv9s21ZrQH143K{b95}
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b43}
-----BEGIN RSA PRIVATE KEY-----\n{b64}\n{b64}
-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{b64}
SHA256:{b43}
eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{b40}.{b43}
Authorization: Bearer {b30}
Authorization: Basic {b20}==
Authorization: token {b20}
Cookie: session={b30}
sid={b32}
mysql --password hunter2secret
mysql --password=hunter2secret
mysql -phunter2secret
gh --token hunter2secret
tool --api-key hunter2secret
x --client-secret hunter2secret
curl -u admin:hunter2secret host
PGPASSWORD=hunter2secret psql
DB_PWD=hunter2secret
DB_PASS=hunter2secret
STRIPE_KEY=hunter2secret
NPM_AUTH=hunter2secret
{"password":"hunter2secret"}
{"pwd": "hunter2secret"}
password: hunter2secret
passphrase is hunter2secret
password hunter2secret
Passwort: hunter2secret
https://user:hunter2secret@host.example/x
postgres://app:hunter2secret@db.internal:5432/x
redis://:hunter2secret@cache:6379
mongodb+srv://u:hunter2secret@c.mongodb.net
https://x.example/?token=hunter2secret
sshpass -p hunter2secret ssh x
otpauth://totp/x?secret=JBSWY3DPEHPK3PXP
JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
DE89370400440532013000
4111 1111 1111 1111
4111111111111111
078-05-1120
+49 170 1234567
00-1B-44-11-3A-B7
2001:db8::8a2e:370:7334
10.12.13.14
ann.lee@corp.example
ann.lee(at)corp.example
wJa1rXUtn2EMI/K7MDENG/bPxRfi5YEX8MPL3KE{u1}
`;

const alphabets: Readonly<Record<string, string>> = {
  b: "k7QzX2mVb9TfR4wYp1LcN8sHd3GjA6eUx5ZiO0tKqWvBnMyCrEgFhJlPaSuD7k2",
  h: "3f9a1c7be04d52868b0f6e2d9ac41753",
  l: "k7qzx2mvb9tfr4wyp1lcn8shd3gja6eux5zio0tkqwvbnmycregfhjlpasud7k2",
  u: "K7QZX2MVB6TFR4WYP3LCN5SHD3GJA6EUX5ZIO7TKQWVBNMYCREGFHJLPASUD7K2",
};
const secrets = shapes
  .trim()
  .split("\n")
  .map((shape) =>
    shape.replaceAll(/\{([bhlu])(\d+)\}/g, (_, kind: string, length: string) =>
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
