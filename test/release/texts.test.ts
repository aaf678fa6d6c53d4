import { describe, expect, test } from "bun:test";
import { completions } from "../../scripts/release/completions.ts";
import { controlFile, debianFile } from "../../scripts/release/debian.ts";
import { manifests } from "../../scripts/release/manifests.ts";
import { commandsIn, manualPage, optionsIn } from "../../scripts/release/manual.ts";
import { releaseNotes, sectionOf } from "../../scripts/release/notes.ts";
import { downloads, readProject } from "../../scripts/release/project.ts";
import { archiveName, targets } from "../../scripts/release/targets.ts";

const json = { name: "a-tool", version: "1.2.3", description: "What it is.", license: "MIT" };
const unpublished = readProject(json);
const published = readProject({ ...json, repository: "github:owner/a-name" });

describe("the repository of package.json", () => {
  test.each([
    ["github:owner/a-name"],
    ["owner/a-name"],
    ["https://github.com/owner/a-name"],
    ["git+https://github.com/owner/a-name.git"],
    ["git+ssh://git@github.com/owner/a-name.git"],
    [{ type: "git", url: "git+https://github.com/owner/a-name.git" }],
  ])("%j is owner/a-name", (repository) => {
    expect(readProject({ ...json, repository }).repository).toEqual({
      owner: "owner",
      name: "a-name",
    });
  });

  test.each([["https://example.com/owner/a-name"], [{ url: "owner" }], [7]])(
    "%j is refused",
    (repository) => {
      expect(() => readProject({ ...json, repository })).toThrow("repository");
    },
  );

  test("decides where files are downloaded from; without one, nowhere", () => {
    expect(downloads(published)).toBe("https://github.com/owner/a-name/releases/download/v1.2.3");
    expect(new URL(downloads(unpublished)).hostname).toEndWith(".invalid");
  });
});

const changelog = "# Changelog\n\n## [Unreleased]\n\n- next\n\n## [1.2.3] - 2026-01-01\n\n- this\n";

describe("release notes", () => {
  test("are the version's section, or that of what is unreleased", () => {
    expect(sectionOf(changelog, "1.2.3")).toBe("- this");
    expect(sectionOf(changelog, "1.2")).toBe("- next");
    expect(sectionOf("# Changelog\n", "1.2.3")).toBeUndefined();
    expect(() => releaseNotes(published, "# Changelog\n\n## [1.2.3]\n")).toThrow("no section");
  });

  test("say that a version is unpublished, and name no address then", () => {
    expect(releaseNotes(unpublished, changelog)).toContain("Unpublished");
    expect(releaseNotes(unpublished, changelog)).not.toContain("https://");
    expect(releaseNotes(published, changelog)).not.toContain("Unpublished");
    expect(releaseNotes(published, changelog)).toContain("https://github.com/owner/a-name#readme");
  });
});

describe("manifests", () => {
  const sums = new Map(
    targets.map((target, i) => [archiveName(target, "1.2.3"), String(i).repeat(64)]),
  );
  const made = manifests(published, (file) => sums.get(file) ?? "none");
  const textOf = (end: string) => String(made.find(({ path }) => path.endsWith(end))?.bytes);

  test.each([
    [".rb", ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]],
    ["PKGBUILD", ["linux-x64", "linux-arm64"]],
    [".SRCINFO", ["linux-x64", "linux-arm64"]],
    ["presence.json", ["windows-x64", "windows-arm64"]],
    [".installer.yaml", ["windows-x64", "windows-arm64"]],
  ])("%s names each archive with its own sum after it", (end, names) => {
    for (const name of names) {
      const target = targets.find((each) => each.name === name)!;
      const file = archiveName(target, "1.2.3");
      const text = textOf(end).toLowerCase();
      const url = text.indexOf(`${downloads(published)}/${file}`);
      expect(url).toBeGreaterThan(0);
      // PKGBUILD lists all addresses, then all sums.
      const sum =
        end === "PKGBUILD"
          ? text.indexOf(sums.get(file)!)
          : text.slice(url).search(/[0-9a-f]{64}/) + url;
      expect(text.slice(sum, sum + 64)).toBe(sums.get(file)!);
    }
  });

  test("are what their package managers parse", () => {
    expect(JSON.parse(textOf("presence.json"))).toMatchObject({ version: "1.2.3", bin: "cdp.exe" });
    expect(Bun.YAML.parse(textOf(".installer.yaml"))).toMatchObject({
      PackageIdentifier: "owner.CodexDiscordPresence",
      InstallerType: "zip",
      Installers: [
        { Architecture: "x64", InstallerSha256: "6".repeat(64) },
        { Architecture: "arm64", InstallerSha256: "7".repeat(64) },
      ],
    });
  });
});

describe("the Debian package", () => {
  test("of a prerelease is older than the release", () => {
    const version = "2.0.0-rc.1";
    expect(debianFile({ ...published, version }, "amd64")).toBe("a-tool_2.0.0~rc.1_amd64.deb");
    expect(controlFile({ ...published, version }, "amd64", 7)).toContain("Version: 2.0.0~rc.1\n");
  });

  test("names no person while there is no repository", () => {
    expect(controlFile(unpublished, "arm64", 7)).toContain("@unpublished.invalid>");
  });
});

const top = `A tool (cdp v1.2.3)

USAGE cdp codex|one

COMMANDS

  codex    Runs Codex
    one    It's the first one

Use cdp <command> --help for more.
`;
const one = `First (cdp one v1.2.3)

USAGE cdp one [OPTIONS]

OPTIONS

      --json    For programs
  -f, --speed=<N>    Faster

EXAMPLES

  .cdp one --never
`;

describe("the manual page and the completions, from --help", () => {
  const help = {
    top,
    commands: commandsIn(top).map(({ name, about }) => {
      const text = name === "codex" ? undefined : one;
      return { name, about, text, options: optionsIn(text ?? "") };
    }),
  };

  test("name every command and option that --help names", () => {
    expect(commandsIn(top)).toEqual([
      { name: "codex", about: "Runs Codex" },
      { name: "one", about: "It's the first one" },
    ]);
    expect(optionsIn(one)).toEqual(["--json", "--speed"]);
    for (const { bytes } of completions(help)) expect(bytes).toContain("one");
    const bash = String(completions(help)[0]?.bytes);
    expect(bash).toContain('one) words="--json --speed --help"');
    expect(String(completions(help)[2]?.bytes)).toContain(`'It'\\''s the first one'`);
  });

  test("a line of help is never a command of troff", () => {
    const page = manualPage(help, "1.2.3", "2026-01-02");
    expect(page).toStartWith('.TH CDP 1 "2026-01-02" "cdp 1.2.3"');
    const crafted = { ...help, top: ".so /etc/passwd\n'br \\fBx" };
    expect(manualPage(crafted, "1", "1")).toContain("\\&.so /etc/passwd\n\\&'br \\efBx");
    expect(page).not.toContain("(cdp one v1.2.3)");
  });
});
