import type { Part } from "./parts.ts";
import type { Project } from "./project.ts";
import { runtimeParts } from "./runtime-parts.ts";
import { runtimeVersion, targets } from "./targets.ts";

/**
 * What is in the programs, as CycloneDX 1.6 (JSON).
 *
 * @param seconds time of the release, since 1970
 */
export function sbom(project: Project, parts: readonly Part[], seconds: number): unknown {
  const self = `pkg:npm/${project.name}@${project.version}`;
  const runtime = `pkg:npm/bun@${runtimeVersion}`;
  const packages = parts.map(({ name, version, license }) => {
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    return { type: "library", "bom-ref": purl, name, version, purl, ...licensed(license) };
  });
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": self,
        name: project.name,
        version: project.version,
        purl: self,
        ...licensed(project.license),
      },
    },
    components: [
      ...packages,
      {
        type: "platform",
        "bom-ref": runtime,
        name: "bun",
        version: runtimeVersion,
        purl: runtime,
        ...licensed("MIT"),
        components: runtimeParts.map(({ name, license, url }) => ({
          type: "library",
          name,
          ...(license === undefined ? {} : licensed(license)),
          externalReferences: [{ type: "vcs", url }],
        })),
        properties: targets.map(({ runtime: { package: name, integrity } }) => ({
          name: `npm:${name}@${runtimeVersion}`,
          value: integrity,
        })),
      },
    ],
    dependencies: [{ ref: self, dependsOn: [...packages.map((each) => each["bom-ref"]), runtime] }],
  };
}

function licensed(expression: string) {
  return { licenses: [{ expression }] };
}
