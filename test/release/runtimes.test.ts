import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tarGz } from "../../scripts/release/archive.ts";
import { fetchRuntime, integrityOf } from "../../scripts/release/runtimes.ts";
import { type Target, targets } from "../../scripts/release/targets.ts";

const path = process.env["PATH"];
let folder = "";

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cdp-runtimes-"))));
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/** An `npm` whose `pack` makes a package with this program in it. Returns its integrity. */
async function offer(program: string): Promise<string> {
  const offered = join(folder, "offered.tgz");
  writeFileSync(offered, await tarGz([{ path: "package/bin/bun", bytes: program }], 0));
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh\ncp "${offered}" "$4/x.tgz"\necho "$5" >>"${folder}/asked"\necho x.tgz\n`;
  writeFileSync(join(bin, "npm"), script, { mode: 0o755 });
  process.env["PATH"] = `${bin}:${path}`;
  return integrityOf(offered);
}

function targetWith(integrity: string): Target {
  return { ...targets[0]!, runtime: { package: "@s/p", integrity } };
}

describe("a runtime from npm", () => {
  test("is taken with the integrity that is pinned, once", async () => {
    const target = targetWith(await offer("right"));
    for (let i = 0; i < 2; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const program = await fetchRuntime(target, join(folder, "runtimes"));
      expect(readFileSync(program, "utf8")).toBe("right");
    }
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("@s/p@1.4.5\n");
  });

  test("of another integrity is refused", async () => {
    const target = targetWith(await offer("right"));
    await offer("wrong");
    const refused = await fetchRuntime(target, join(folder, "runtimes")).catch(String);
    expect(refused).toContain("has the integrity");
  });

  test("that was changed on the disk is fetched again", async () => {
    const target = targetWith(await offer("right"));
    const program = await fetchRuntime(target, join(folder, "runtimes"));
    writeFileSync(join(folder, "runtimes", `${target.name}-1.4.5.tgz`), "changed");
    writeFileSync(program, "changed");
    await fetchRuntime(target, join(folder, "runtimes"));
    expect(readFileSync(program, "utf8")).toBe("right");
  });
});
