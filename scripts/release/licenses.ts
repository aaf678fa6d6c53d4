import type { Part } from "./parts.ts";
import { engineSource, runtimeLicenses, runtimeParts } from "./runtime-parts.ts";
import { runtimeVersion } from "./targets.ts";

const rule = "=".repeat(80);

/**
 * `THIRD_PARTY_LICENSES`: every package in the program with its licence, the runtime with what it
 * links, and the texts that those licences want to go along.
 *
 * @param texts full licence texts by their SPDX identifier
 */
export function thirdPartyLicenses(
  parts: readonly Part[],
  texts: Readonly<Record<string, string>>,
): string {
  const packages = parts.map(
    ({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n\n${text}\n`,
  );
  const linked = runtimeParts.map(
    ({ name, license, url }) => `  ${name}: ${license ?? "several licences"}, ${url}`,
  );
  const full = Object.entries(texts).map(
    ([name, text]) => `${rule}\n${name}\n\n${text.trimEnd()}\n`,
  );
  return [
    "cdp contains the following software of others. Its own licence is in LICENSE.\n",
    ...packages,
    rule,
    `Bun ${runtimeVersion} (MIT): the runtime that cdp is compiled with`,
    "Copyright (c) the Bun authors, https://github.com/oven-sh/bun\n",
    "Bun links these libraries; a copyright notice stands in each one's licence at its address.",
    `Source of the list: ${runtimeLicenses}\n`,
    ...linked,
    `
JavaScriptCore and WebCore are under the GNU Library General Public License, version 2 or later, and
tinycc under the GNU Lesser General Public License, version 2.1; their texts are below. You may
change these libraries and relink the program with them, and may reverse engineer it to debug such
changes. Their source as Bun uses it: ${engineSource} and
https://github.com/oven-sh/bun, tag bun-v${runtimeVersion}, which names the commit and builds from it
(CONTRIBUTING.md there). cdp's own source makes the program from that runtime:

  bun scripts/build.ts --target OS-ARCH --runtime FILE --outfile cdp
`,
    ...full,
  ].join("\n");
}
