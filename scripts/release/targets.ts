/** A system that a release has a program for. */
export interface Target {
  /** OS-ARCH[-musl], as in the names of archives and in Bun's `--target=bun-…`. */
  readonly name: string;
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "x64" | "arm64";
  /** The C library, where the system has more than one. */
  readonly libc: "glibc" | "musl" | undefined;
  /** Bun's own program for this system: a package on npm, and the integrity that it must have. */
  readonly runtime: { readonly package: string; readonly integrity: string };
}

/** Bun's version, the same as in package.json (test/release compares). */
export const runtimeVersion = "1.4.5";

/**
 * Every target of a release. The integrities are those that npm's registry names for
 * `runtimeVersion`: `npm view PACKAGE@VERSION dist.integrity`.
 */
export const targets: readonly Target[] = [
  linux("x64", "glibc", {
    package: "@oven/bun-linux-x64",
    integrity:
      "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
  }),
  linux("arm64", "glibc", {
    package: "@oven/bun-linux-aarch64",
    integrity:
      "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
  }),
  linux("x64", "musl", {
    package: "@oven/bun-linux-x64-musl",
    integrity:
      "sha512-10QoW/YfTgnURaGEaHpJCiXjLI2e5iTtfVDaA5JKcyUzaa1cq6cVUY9/Uq5XkYzvtRjHLRe9Oj/lTDIQcxy8HQ==",
  }),
  linux("arm64", "musl", {
    package: "@oven/bun-linux-aarch64-musl",
    integrity:
      "sha512-XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg==",
  }),
  darwin("x64", {
    package: "@oven/bun-darwin-x64",
    integrity:
      "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
  }),
  darwin("arm64", {
    package: "@oven/bun-darwin-aarch64",
    integrity:
      "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
  }),
  windows("x64", {
    package: "@oven/bun-windows-x64",
    integrity:
      "sha512-FNvply651vcE/GHgNWz6mZvhmkwBuu8Hw54oNzA+CQog+HW+542rXQmZqNHRkFxazD9L3xi+iTtvO3engAgJfw==",
  }),
  windows("arm64", {
    package: "@oven/bun-windows-aarch64",
    integrity:
      "sha512-MiPFZnBNDnBXgr1oONc5pizC4fOLjnIOfNkYdFEnWzLmoFTg86naZIG3SvS7d/GglpQSAnCKMAzSjI/TAckiRw==",
  }),
];

/** The program's file name on a target. */
export function programName({ os }: Target): string {
  return os === "windows" ? "cdp.exe" : "cdp";
}

/** `cdp-VERSION-OS-ARCH.tar.gz`, on Windows `.zip`. */
export function archiveName({ name, os }: Target, version: string): string {
  return `cdp-${version}-${name}.${os === "windows" ? "zip" : "tar.gz"}`;
}

/** What Node calls the system and npm takes as `os`. */
export function nodePlatform({ os }: Target): "linux" | "darwin" | "win32" {
  return os === "windows" ? "win32" : os;
}

type Runtime = Target["runtime"];

function linux(arch: Target["arch"], libc: "glibc" | "musl", runtime: Runtime): Target {
  const name = libc === "musl" ? `linux-${arch}-musl` : `linux-${arch}`;
  return { name, os: "linux", arch, libc, runtime };
}

function darwin(arch: Target["arch"], runtime: Runtime): Target {
  return { name: `darwin-${arch}`, os: "darwin", arch, libc: undefined, runtime };
}

function windows(arch: Target["arch"], runtime: Runtime): Target {
  return { name: `windows-${arch}`, os: "windows", arch, libc: undefined, runtime };
}
