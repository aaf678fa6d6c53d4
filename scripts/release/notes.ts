import { homepage, type Project } from "./project.ts";

/**
 * What a version's section of the changelog says; that of "Unreleased" where the version has none.
 *
 * @returns `undefined` where neither is there
 */
export function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^(?=## \[)/m).slice(1);
  const find = (name: string) => sections.find((section) => section.startsWith(`## [${name}]`));
  const section = find(version) ?? find("Unreleased");
  return section?.replace(/^.*\n/, "").trim();
}

/** The text of a release. Throws when the changelog says nothing of it. */
export function releaseNotes(project: Project, changelog: string): string {
  const changes = sectionOf(changelog, project.version);
  if (changes === undefined || changes === "") {
    throw new Error(`CHANGELOG.md has no section for ${project.version}`);
  }
  const from =
    project.repository === undefined
      ? "Unpublished: package.json names no repository, so nothing of this can be downloaded. The\nfiles are installed from where they lie."
      : `Install: see the top of ${homepage(project)}#readme.`;
  return `# cdp ${project.version}

${from}

Sums are in SHA256SUMS, what is in the programs in sbom.cdx.json and THIRD_PARTY_LICENSES.
The programs for macOS are signed ad hoc, not notarised: after a download by a browser,
\`xattr -d com.apple.quarantine cdp\` lets them start. Those for musl (Alpine) need \`apk add libstdc++\`.

${changes}
`;
}
