import { expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { closedFolder } from "../../src/cli/doctor-home.ts";
import { SimulatedHome } from "../codex/simulated-codex.ts";

test.each(["thread-writer-locks", "sessions", "sessions/2026", "sessions/2026/11/22"])(
  "%s is named when it does not give its names",
  (folder) => {
    using home = new SimulatedHome();
    const day = join(home.path, "sessions/2026/11/22");
    mkdirSync(day, { recursive: true });
    mkdirSync(join(home.path, "sessions/2025/12"), { recursive: true });
    writeFileSync(join(day, "rollout"), "");
    expect(closedFolder(home.path)).toBeUndefined();
    // As good as one without rights, which root has.
    rmSync(join(home.path, folder), { recursive: true, force: true });
    symlinkSync(basename(folder), join(home.path, folder));
    expect(closedFolder(home.path)).toBe(folder);
  },
);
