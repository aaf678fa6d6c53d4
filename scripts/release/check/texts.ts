import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Project, homepage } from "../project.ts";
import { run } from "../shell.ts";
import { filesBelow } from "./listing.ts";
import { equal, type Rows } from "./rows.ts";

/** Verifies the manifests against `SHA256SUMS`, and that each one is what its manager parses. */
export async function checkManifests(rows: Rows, release: string, project: Project): Promise<void> {
  const folder = join(release, "manifests");
  if (!existsSync(folder)) {
    rows.add("manifests", "sums", "elsewhere", "a release of some targets only has none");
    return;
  }
  const sums = new Map(
    readFileSync(join(release, "SHA256SUMS"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const file of filesBelow(folder)) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await rows.check(`manifests/${file}`, "sums, form", async () => {
      const named = [...text.matchAll(/https:\/\/\S*\/(cdp-[\w.-]+?\.(?:tar\.gz|zip))\b/g)];
      const own = named.filter(([, archive]) => !archive?.includes("$"));
      for (const [url, archive = ""] of own) {
        if (!url.startsWith(`${homepage(project)}/`)) throw new Error(`${url} is elsewhere`);
        const sum = sums.get(archive);
        if (sum === undefined) throw new Error(`there is no ${archive}`);
        if (!text.toLowerCase().includes(sum))
          throw new Error(`the sum of ${archive} is not in it`);
      }
      await parse(path, text);
      return `${own.length} archives`;
    });
  }
}

async function parse(path: string, text: string): Promise<void> {
  if (path.endsWith(".json")) JSON.parse(text);
  if (path.endsWith(".yaml")) Bun.YAML.parse(text);
  if (path.endsWith("PKGBUILD")) await run(["bash", "-n", path]);
  if (path.endsWith(".rb") && Bun.which("ruby") !== null) await run(["ruby", "-c", path]);
}

/** The bill of materials has the fields that CycloneDX asks for, and no name twice. */
export async function checkSbom(rows: Rows, release: string, project: Project): Promise<void> {
  await rows.check("sbom.cdx.json", "fields", () => {
    const made = JSON.parse(readFileSync(join(release, "sbom.cdx.json"), "utf8")) as {
      readonly bomFormat: string;
      readonly specVersion: string;
      readonly metadata: { readonly component: { readonly version: string } };
      readonly components: readonly { readonly "bom-ref": string; readonly licenses: unknown[] }[];
    };
    const head = [made.bomFormat, made.specVersion, made.metadata.component.version];
    equal("its head", head, ["CycloneDX", "1.6", project.version]);
    const refs = made.components.map((component) => component["bom-ref"]);
    equal("the number of names", new Set(refs).size, refs.length);
    for (const { licenses } of made.components) equal("licences", licenses.length, 1);
    return `${refs.length} components`;
  });
}

/** install.sh as it was shipped, beside the archives; install.ps1 where there is a PowerShell. */
export async function checkInstallers(
  rows: Rows,
  release: string,
  project: Project,
): Promise<void> {
  for (const shell of ["dash", "bash"].filter((name) => Bun.which(name) !== null)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await rows.check("install.sh", shell, async () => {
      const folder = mkdtempSync(join(tmpdir(), "cdp-install-"));
      try {
        await run([shell, join(release, "install.sh"), "--to", folder]);
        const answer = await run([join(folder, "cdp"), "--version"]);
        equal("--version", answer.trim(), project.version);
        equal("what is there", readdirSync(folder), ["cdp"]);
        return "installed, version";
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
  const powershell = ["pwsh", "powershell"].find((name) => Bun.which(name) !== null);
  if (powershell === undefined) {
    rows.add("install.ps1", "form", "elsewhere", "no PowerShell on this machine");
    return;
  }
  const script = join(release, "install.ps1");
  const load = `[void][ScriptBlock]::Create((Get-Content -Raw '${script}'))`;
  await rows.check("install.ps1", powershell, async () => {
    await run([powershell, "-NoProfile", "-Command", load]);
    return "parsed";
  });
}
