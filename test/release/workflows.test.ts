import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const root = join(import.meta.dir, "..", "..");
const folder = join(root, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
}

describe.each(readdirSync(folder))("the workflow %s", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  const workflow = Bun.YAML.parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

  test("may read, and no more, unless a job says so", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  test("uses actions by their hash, with the version beside it, and keeps no credentials", () => {
    for (const line of text.match(/uses: .*/g) ?? []) {
      expect(line).toMatch(
        /^uses: (?:\.\/\.github\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/,
      );
    }
    for (const { uses, with: settings } of steps) {
      if (uses?.startsWith("actions/checkout@") !== true) continue;
      expect(settings?.["persist-credentials"]).toBe(false);
    }
  });

  test("calls scripts that are there, one a step, and holds no logic", () => {
    const form =
      /^(?:npm run ([\w:]+)|(?:sudo )?(scripts\/\S+))(?: (?:-- --native|"\$GITHUB_REF_NAME"))?$/;
    // The matrix names the scripts of some steps.
    const matrix = [...text.matchAll(/script: "([\w:]+)"/g)].map((match) => `npm run ${match[1]}`);
    const runs = steps
      .flatMap(({ run }) => run ?? [])
      .filter((run) => !run.includes("matrix.script"));
    for (const run of [...runs, ...matrix]) {
      const [, npm = "", script = "scripts/"] = form.exec(run) ?? [];
      const known = Object.hasOwn(packageJson.scripts, npm) || /\w$/.test(script);
      expect({ run, known }).toEqual({ run, known: true });
      expect(existsSync(join(root, script))).toBe(true);
    }
  });
});
