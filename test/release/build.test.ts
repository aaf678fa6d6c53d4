import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { runtimeVersion, targets } from "../../scripts/release/targets.ts";

const script = join(import.meta.dir, "..", "..", "scripts", "build.ts");

function build(...options: readonly string[]) {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, script, ...options]);
  return { status: exitCode, said: stderr.toString() };
}

describe("a build for a named target", () => {
  test("is made of the runtime that is given, and starts", () => {
    const folder = mkdtempSync(join(tmpdir(), "cdp-build-"));
    try {
      const os = process.platform === "win32" ? "windows" : process.platform;
      const outfile = join(folder, "program");
      const metafile = join(folder, "meta.json");
      const options = ["--target", `${os}-${process.arch}`, "--runtime", process.execPath];
      const built = build(...options, "--outfile", outfile, "--metafile", metafile);
      expect(built).toEqual({ status: 0, said: "" });
      const started = Bun.spawnSync([outfile, "--version"], { cwd: folder });
      expect(started.stdout.toString().trim()).toBe(packageJson.version);
      expect(Bun.file(metafile).size).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  test.each([
    [["--target", "linux-x64"], "go together"],
    [["--runtime", process.execPath], "go together"],
    [["--target", "plan9-x64", "--runtime", process.execPath], "unknown target plan9-x64"],
    [["--target", "linux-x64", "--runtime", "/no/such/file"], "no such runtime"],
    [["--taget", "linux-x64"], "Unknown option"],
  ] as const)("refuses %j", (options, why) => {
    const { status, said } = build(...options);
    expect({ status, named: said.includes(why), lines: said.trimEnd().split("\n").length }).toEqual(
      {
        status: 2,
        named: true,
        lines: 1,
      },
    );
  });
});

test("the runtimes are those of the Bun that builds, pinned by integrity, one for each target", () => {
  expect(runtimeVersion).toBe(packageJson.devDependencies.bun);
  for (const { runtime } of targets) {
    expect(Buffer.from(runtime.integrity.replace("sha512-", ""), "base64").length).toBe(64);
  }
  expect(new Set(targets.map(({ runtime }) => runtime.integrity)).size).toBe(targets.length);
  expect(targets.map(({ name }) => name)).toEqual([
    "linux-x64",
    "linux-arm64",
    "linux-x64-musl",
    "linux-arm64-musl",
    "darwin-x64",
    "darwin-arm64",
    "windows-x64",
    "windows-arm64",
  ]);
});
