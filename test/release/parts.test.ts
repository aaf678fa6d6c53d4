import { describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thirdPartyLicenses } from "../../scripts/release/licenses.ts";
import { packagesIn, type Part, readParts } from "../../scripts/release/parts.ts";
import { readProject } from "../../scripts/release/project.ts";
import { sbom } from "../../scripts/release/sbom.ts";

test("the packages of a metafile are those whose files were taken, each once", () => {
  const inputs = {
    "src/main.ts": {},
    "node_modules/a/index.js": {},
    "node_modules/a/lib/b.js": {},
    "node_modules/@s/p/index.js": {},
    "node_modules/a/node_modules/inner/index.js": {},
    "../../node_modules/far/x.node": {},
  };
  expect(packagesIn({ inputs })).toEqual(["@s/p", "a", "far", "inner"]);
});

describe("a package's licence", () => {
  function read(license: string | undefined, files: Readonly<Record<string, string>>) {
    const folder = mkdtempSync(join(tmpdir(), "cdp-parts-"));
    try {
      mkdirSync(join(folder, "a"));
      const json = JSON.stringify({ version: "1.0.0", license });
      writeFileSync(join(folder, "a", "package.json"), json);
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(folder, "a", name), text);
      return readParts(["a"], folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("is all that it comes with", () => {
    const files = { "LICENSE.md": "one", "THIRD_PARTY_LICENSE.md": "two", "license.js": "code" };
    expect(read("MIT", files)).toEqual([
      { name: "a", version: "1.0.0", license: "MIT", text: "one\n\ntwo" },
    ]);
  });

  test("that is not to be had stops the release", () => {
    expect(() => read("MIT", {})).toThrow("a comes without the text of its licence");
    expect(() => read(undefined, { LICENSE: "x" })).toThrow("a names no licence");
  });
});

const parts: readonly Part[] = [
  { name: "@s/p", version: "1.0.0", license: "ISC", text: "the text" },
];

test("THIRD_PARTY_LICENSES has each package's text, the runtime's libraries and the texts they want", () => {
  const text = thirdPartyLicenses(parts, { "LGPL-2.1": "the lesser licence" });
  for (const wanted of ["@s/p 1.0.0 (ISC)\n\nthe text", "JavaScriptCore", "the lesser licence"]) {
    expect(text).toContain(wanted);
  }
  expect(text).toContain("relink the program");
});

test("the bill of materials names the same packages, and the runtimes by their integrity", () => {
  const made = JSON.stringify(sbom(readProject(), parts, 0));
  expect(made).toContain('"purl":"pkg:npm/%40s/p@1.0.0"');
  expect(made).toContain('"name":"npm:@oven/bun-linux-x64@1.4.5","value":"sha512-');
  expect(made).toContain('"timestamp":"1970-01-01T00:00:00.000Z"');
});
