import type { Entry } from "./archive.ts";
import { downloads, homepage, type Project } from "./project.ts";
import { archiveName, type Target, targets } from "./targets.ts";

/** The SHA-256 of a release file, in lower-case hex. */
export type SumOf = (file: string) => string;

/** What every manifest says of one archive. */
interface Download {
  readonly url: string;
  readonly sum: string;
  /** The one folder in it. */
  readonly folder: string;
}

/** Manifests of package managers, below `manifests/`, with the sums of the archives. */
export function manifests(project: Project, sumOf: SumOf): readonly Entry[] {
  const find = (name: string): Download => {
    const target = targets.find((each) => each.name === name) as Target;
    const file = archiveName(target, project.version);
    const folder = `cdp-${project.version}-${name}`;
    return { url: `${downloads(project)}/${file}`, sum: sumOf(file), folder };
  };
  return [
    { path: "manifests/homebrew/codex-discord-presence.rb", bytes: homebrew(project, find) },
    { path: "manifests/scoop/codex-discord-presence.json", bytes: scoop(project, find) },
    ...winget(project, find),
    { path: "manifests/aur/PKGBUILD", bytes: pkgbuild(project, find) },
    { path: "manifests/aur/.SRCINFO", bytes: srcinfo(project, find) },
  ];
}

type Find = (target: string) => Download;

function homebrew(project: Project, find: Find): string {
  const source = (system: string, target: string) => {
    const { url, sum } = find(target);
    return `    on_${system} do\n      url "${url}"\n      sha256 "${sum}"\n    end`;
  };
  return `class CodexDiscordPresence < Formula
  desc "${project.description.replace(/\.$/, "")}"
  homepage "${homepage(project)}"
  version "${project.version}"
  license "${project.license}"

  on_macos do
${source("arm", "darwin-arm64")}
${source("intel", "darwin-x64")}
  end

  on_linux do
${source("arm", "linux-arm64")}
${source("intel", "linux-x64")}
  end

  def install
    bin.install "cdp"
    man1.install "cdp.1"
    bash_completion.install "completions/cdp.bash" => "cdp"
    zsh_completion.install "completions/_cdp"
    fish_completion.install "completions/cdp.fish"
    doc.install "THIRD_PARTY_LICENSES"
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/cdp --version").strip
  end
end
`;
}

function scoop(project: Project, find: Find): string {
  const architecture = (target: string) => {
    const { url, sum, folder } = find(target);
    return { url, hash: sum, extract_dir: folder };
  };
  const newest = (target: string) => ({
    url: `${homepage(project)}/releases/download/v$version/cdp-$version-${target}.zip`,
    extract_dir: `cdp-$version-${target}`,
  });
  const manifest = {
    version: project.version,
    description: project.description,
    homepage: homepage(project),
    license: project.license,
    architecture: {
      "64bit": architecture("windows-x64"),
      arm64: architecture("windows-arm64"),
    },
    bin: "cdp.exe",
    checkver: "github",
    autoupdate: {
      architecture: { "64bit": newest("windows-x64"), arm64: newest("windows-arm64") },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function winget(project: Project, find: Find): readonly Entry[] {
  const owner = project.repository?.owner ?? "Unpublished";
  const id = `${owner}.CodexDiscordPresence`;
  const head = (kind: string) =>
    `PackageIdentifier: ${id}
PackageVersion: ${project.version}
`.concat(kind === "version" ? "DefaultLocale: en-US\n" : "");
  const foot = (kind: string) => `ManifestType: ${kind}\nManifestVersion: 1.10.0\n`;
  const file = (suffix: string, kind: string, body: string): Entry => ({
    path: `manifests/winget/${id}${suffix}.yaml`,
    bytes: head(kind) + body + foot(kind),
  });
  const installer = (architecture: string, target: string) => {
    const { url, sum, folder } = find(target);
    return `- Architecture: ${architecture}
  InstallerUrl: ${url}
  InstallerSha256: "${sum.toUpperCase()}"
  NestedInstallerFiles:
  - RelativeFilePath: ${folder}\\cdp.exe
    PortableCommandAlias: cdp
`;
  };
  const installers = installer("x64", "windows-x64") + installer("arm64", "windows-arm64");
  return [
    file("", "version", ""),
    file(
      ".installer",
      "installer",
      `InstallerType: zip\nNestedInstallerType: portable\nInstallers:\n${installers}`,
    ),
    file(
      ".locale.en-US",
      "defaultLocale",
      `PackageLocale: en-US
Publisher: ${owner}
PackageName: Codex Discord Presence
PackageUrl: ${homepage(project)}
License: ${project.license}
ShortDescription: ${JSON.stringify(project.description)}
`,
    ),
  ];
}

const aurName = "codex-discord-presence-bin";

function pkgbuild(project: Project, find: Find): string {
  const [x64, arm64] = [find("linux-x64"), find("linux-arm64")];
  return `# Maintainer: ${project.repository?.owner ?? "unpublished"}
pkgname=${aurName}
pkgver=${aurVersion(project)}
pkgrel=1
pkgdesc="${project.description.replace(/\.$/, "")}"
arch=('x86_64' 'aarch64')
url="${homepage(project)}"
license=('${project.license}')
provides=('codex-discord-presence')
conflicts=('codex-discord-presence')
# The program carries its code after the machine's: stripping would remove it.
options=('!strip' '!debug')
source_x86_64=("${x64.url}")
source_aarch64=("${arm64.url}")
sha256sums_x86_64=('${x64.sum}')
sha256sums_aarch64=('${arm64.sum}')

package() {
  case "$CARCH" in
  x86_64) cd "${x64.folder}" ;;
  aarch64) cd "${arm64.folder}" ;;
  esac
  install -Dm755 cdp "$pkgdir/usr/bin/cdp"
  install -Dm644 cdp.1 "$pkgdir/usr/share/man/man1/cdp.1"
  install -Dm644 completions/cdp.bash "$pkgdir/usr/share/bash-completion/completions/cdp"
  install -Dm644 completions/_cdp "$pkgdir/usr/share/zsh/site-functions/_cdp"
  install -Dm644 completions/cdp.fish "$pkgdir/usr/share/fish/vendor_completions.d/cdp.fish"
  install -Dm644 LICENSE THIRD_PARTY_LICENSES -t "$pkgdir/usr/share/licenses/$pkgname"
}
`;
}

function srcinfo(project: Project, find: Find): string {
  const [x64, arm64] = [find("linux-x64"), find("linux-arm64")];
  return `pkgbase = ${aurName}
\tpkgdesc = ${project.description.replace(/\.$/, "")}
\tpkgver = ${aurVersion(project)}
\tpkgrel = 1
\turl = ${homepage(project)}
\tarch = x86_64
\tarch = aarch64
\tlicense = ${project.license}
\tprovides = codex-discord-presence
\tconflicts = codex-discord-presence
\toptions = !strip
\toptions = !debug
\tsource_x86_64 = ${x64.url}
\tsha256sums_x86_64 = ${x64.sum}
\tsource_aarch64 = ${arm64.url}
\tsha256sums_aarch64 = ${arm64.sum}

pkgname = ${aurName}
`;
}

/** Arch allows no hyphen in a version. */
function aurVersion({ version }: Project): string {
  return version.replaceAll("-", "_");
}
