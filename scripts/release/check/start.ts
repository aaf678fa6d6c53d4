import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask, run } from "../shell.ts";
import type { Target } from "../targets.ts";

/** How a target's programs are started on this machine. */
export type Starter =
  | {
      readonly kind: "command";
      readonly how: string;
      /** What stands before the program. */
      readonly before: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Prepares the folder that the program was unpacked into. */
      readonly prepare: (folder: string) => Promise<void>;
    }
  | { readonly kind: "unavailable"; readonly how: string; readonly why: string }
  | { readonly kind: "elsewhere"; readonly how: string; readonly why: string };

const cross = "/usr/aarch64-linux-gnu";
const shim = join(import.meta.dir, "bcryptprimitives.c");

/** Finds how, by what is installed. @param work a folder for wine's files */
export function starterFor(target: Target, work: string): Starter {
  const { os, arch, libc } = target;
  const host = process.platform === "win32" ? "windows" : process.platform;
  const onMusl = existsSync(`/lib/ld-musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`);
  if (os === host && arch === process.arch && (libc !== "musl" || onMusl)) {
    return libc === "musl" && !existsSync("/usr/lib/libstdc++.so.6")
      ? { kind: "elsewhere", how: "form", why: "no libstdc++ for musl on this machine" }
      : command("native", []);
  }
  if (host !== "linux" || libc === "musl") {
    return { kind: "elsewhere", how: "form", why: `does not run on ${host} ${process.arch}` };
  }
  if (os === "linux" && arch === "arm64") {
    const missing = Bun.which("qemu-aarch64-static") === null || !existsSync(cross);
    const why = "needs qemu-user-static and libc6-, libstdc++6- and libgcc-s1-arm64-cross";
    return missing
      ? { kind: "unavailable", how: "qemu", why }
      : command("qemu", ["qemu-aarch64-static", "-L", cross]);
  }
  if (os === "windows" && arch === "x64" && process.arch === "x64") {
    const missing = ["wine", "x86_64-w64-mingw32-gcc"].some((name) => Bun.which(name) === null);
    const why = "needs wine64, wine and gcc-mingw-w64-x86-64-win32";
    return missing ? { kind: "unavailable", how: "wine", why } : wine(work);
  }
  return { kind: "elsewhere", how: "form", why: `no emulator of ${target.name} on Debian` };
}

/**
 * Runs a program of a target and returns what it printed on stdout, trimmed. A doctor that finds
 * something ends with 1.
 */
export async function start(
  starter: Extract<Starter, { kind: "command" }>,
  folder: string,
  program: string,
  args: readonly string[],
): Promise<string> {
  const answer = await ask([...starter.before, join(folder, program), ...args], {
    cwd: folder,
    env: starter.env,
    timeoutMs: 120_000,
  });
  if (answer.status !== 0 && args[0] !== "doctor")
    throw new Error(`status ${answer.status}\n${answer.out}${answer.err}`);
  return answer.out.trim();
}

function command(how: string, before: readonly string[]): Starter {
  return { kind: "command", how, before, env: {}, prepare: () => Promise.resolve() };
}

/** Debian's wine has no bcryptprimitives.dll: one that draws random bytes is laid beside the program. */
function wine(work: string): Starter {
  return {
    kind: "command",
    how: "wine",
    before: ["wine"],
    env: { WINEPREFIX: join(work, "wine"), WINEARCH: "win64", WINEDEBUG: "-all" },
    prepare: async (folder) => {
      const dll = join(folder, "bcryptprimitives.dll");
      await run(["x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", dll, shim, "-ladvapi32"]);
    },
  };
}
