import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkSums } from "../../scripts/release/check/files.ts";
import { Rows } from "../../scripts/release/check/rows.ts";
import { checkManifests } from "../../scripts/release/check/texts.ts";
import { readProject } from "../../scripts/release/project.ts";

const project = readProject({ name: "a", version: "1.0.0", description: "d", license: "MIT" });
let release = "";

beforeEach(() => void (release = mkdtempSync(join(tmpdir(), "cdp-release-"))));
afterEach(() => rmSync(release, { recursive: true }));

function write(file: string, text: string): string {
  const path = join(release, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return createHash("sha256").update(text).digest("hex");
}

async function results(check: (rows: Rows) => Promise<void>): Promise<readonly string[]> {
  const rows = new Rows();
  await check(rows);
  return rows.all.map(({ result, note }) => `${result}: ${note}`);
}

describe("SHA256SUMS", () => {
  test("has each file with its sum, and no other", async () => {
    const sum = write("x/a", "text");
    write("SHA256SUMS", `${sum}  x/a\n`);
    expect(await results((rows) => checkSums(rows, release))).toEqual(["ok: 1 files"]);
    write("b", "not named");
    expect((await results((rows) => checkSums(rows, release)))[0]).toStartWith("failed: the list");
  });

  test("of a changed file is wrong", async () => {
    write("SHA256SUMS", `${write("a", "text")}  a\n`);
    write("a", "other");
    const [seen] = await results((rows) => checkSums(rows, release));
    expect(seen).toStartWith("failed: the sum of a");
  });
});

describe("a manifest", () => {
  const archive = "cdp-1.0.0-linux-x64.tar.gz";
  const home = "https://unpublished.invalid/releases/download/v1.0.0";

  async function checkOf(text: string): Promise<readonly string[]> {
    write("SHA256SUMS", `${write(archive, "bytes")}  ${archive}\n`);
    write("manifests/m.yaml", text);
    return results((rows) => checkManifests(rows, release, project));
  }
  const sum = createHash("sha256").update("bytes").digest("hex");

  test.each([
    ["with the sum of its archive", `u: ${home}/${archive}\ns: "${sum.toUpperCase()}"`, "ok: 1"],
    ["with another sum", `u: ${home}/${archive}\ns: "${"0".repeat(64)}"`, "failed: the sum of"],
    ["of an archive that is not there", `u: ${home}/cdp-9.tar.gz`, "failed: there is no"],
    ["of another address", `u: https://example.com/${archive}\ns: "${sum}"`, "failed: https:"],
    ["that cannot be parsed", "a: [", "failed: YAML"],
  ])("%s", async (_, text, wanted) => {
    expect((await checkOf(text))[0]).toStartWith(wanted);
  });
});
