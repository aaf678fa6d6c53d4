// edge

/** Paths of node-pty's native files for this system. */
export interface Prebuild {
  readonly addon: string;
  /** The spawn helper, which exists on macOS only. */
  readonly helper: string | undefined;
  /** True when the paths lie inside the compiled program and only `fs` can read them. */
  readonly embedded: boolean;
}

/** Undefined where node-pty has nothing that speaks the Unix interface: Windows, other processors. */
export async function findPrebuild(): Promise<Prebuild | undefined> {
  return Bun.isStandaloneExecutable ? findEmbedded() : findInPackage();
}

/**
 * Compiling fixes `process.platform` and `process.arch` to the target's, so that every branch but one
 * disappears and only the target's own files are embedded.
 */
async function findEmbedded(): Promise<Prebuild | undefined> {
  const embedded = true;
  if (process.platform === "linux" && process.arch === "x64") {
    const addon = await import("node-pty/prebuilds/linux-x64/pty.node", { with: { type: "file" } });
    return { addon: addon.default, helper: undefined, embedded };
  }
  if (process.platform === "linux" && process.arch === "arm64") {
    const addon = await import("node-pty/prebuilds/linux-arm64/pty.node", {
      with: { type: "file" },
    });
    return { addon: addon.default, helper: undefined, embedded };
  }
  if (process.platform === "darwin" && process.arch === "x64") {
    const addon = await import("node-pty/prebuilds/darwin-x64/pty.node", {
      with: { type: "file" },
    });
    const helper = await import("node-pty/prebuilds/darwin-x64/spawn-helper", {
      with: { type: "file" },
    });
    return { addon: addon.default, helper: helper.default, embedded };
  }
  if (process.platform === "darwin" && process.arch === "arm64") {
    const addon = await import("node-pty/prebuilds/darwin-arm64/pty.node", {
      with: { type: "file" },
    });
    const helper = await import("node-pty/prebuilds/darwin-arm64/spawn-helper", {
      with: { type: "file" },
    });
    return { addon: addon.default, helper: helper.default, embedded };
  }
  return undefined;
}

function findInPackage(): Prebuild | undefined {
  const { platform, arch } = process;
  if (platform !== "linux" && platform !== "darwin") return undefined;
  // Not a literal: the bundler would embed what it can resolve.
  const folder = `node-pty/prebuilds/${platform}-${arch}`;
  const addon = Bun.resolveSync(`${folder}/pty.node`, import.meta.dir);
  const helper = platform === "darwin" ? addon.replace(/pty\.node$/, "spawn-helper") : undefined;
  return { addon, helper, embedded: false };
}
