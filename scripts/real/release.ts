/**
 * A release, made and checked: programs for four systems, built from the runtimes on npm, are started
 * by themselves, under qemu and under wine, and installed by npm, apt and install.sh; the launcher
 * runs on the Nodes that can become another program; install.sh on disks that are full or read-only.
 * Installs Debian's emulators by itself. It takes two to three minutes; time limit: 400 s.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, run } from "../release/shell.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";

const limitMs = 400_000;
const root = join(import.meta.dir, "..", "..");
const targets = "linux-x64,linux-arm64,darwin-x64,windows-x64";
/** Of npm's `node` packages: the oldest line that has `process.execve`, and the newest one. */
const nodes = ["22.23.3", "26.10.0"];
const release = join(root, "dist", "release");
const work = mkdtempSync(join(tmpdir(), "cdp-release-"));

const late = setTimeout(() => {
  process.stdout.write(`FAILED release (not done after ${limitMs / 1000} s)\n`);
  process.exit(1);
}, limitMs);

const emulators = await ask(["sh", "scripts/release/emulators.sh"], {
  cwd: root,
  timeoutMs: 90_000,
});
if (emulators.status !== 0) {
  skip("release: programs of other systems", "Debian's emulators cannot be installed");
}

await check(
  "release: it is made from the runtimes on npm",
  async () => {
    await run(["npm", "run", "--silent", "release", "--", "--only", targets], { cwd: root });
  },
  1,
);

await check(
  "release: every file is verified, every program that can be is started and installed",
  async () => {
    const { status, out } = await ask(
      ["npm", "run", "--silent", "release:check", "--", "--untimed"],
      {
        cwd: root,
      },
    );
    process.stdout.write(out);
    const wanted = emulators.status === 0 ? ["0"] : ["0", "3"];
    if (!wanted.includes(String(status))) fail(`status ${status}`);
  },
  1,
);

for (const version of nodes) {
  const prefix = join(work, version);
  const installed = await ask(["npm", "install", "--prefix", prefix, `node@${version}`]);
  const name = `launcher: its tests on Node ${version}`;
  if (installed.status !== 0) skip(name, "npm's registry does not answer");
  else {
    const node = join(prefix, "node_modules", "node", "bin", "node");
    const options = { cwd: root, env: { LAUNCHER_NODE: node } };
    await check(name, async () => {
      same("version", (await run([node, "--version"])).trim(), `v${version}`);
      await run([process.execPath, "test", "test/release/launcher.test.ts"], options);
    });
  }
}

/** Mounts a small disk, installs onto it, and expects one line and nothing left. */
async function onDisk(options: string, wanted: RegExp): Promise<void> {
  const disk = mkdtempSync(join(work, "disk-"));
  await run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
  try {
    writeFileSync(join(disk, "cdp"), "old");
    await run(["mount", "-o", `remount,${options}`, disk]);
    const command = ["sh", join(release, "install.sh"), "--to", disk];
    const { status, err } = await ask(command, { env: { TMPDIR: work } });
    same("status", String(status), "1");
    if (!wanted.test(err) || err.trimEnd().includes("\n")) fail(err);
    same("what is there", readdirSync(disk), ["cdp"]);
    same("the old program", readFileSync(join(disk, "cdp"), "utf8"), "old");
  } finally {
    await run(["umount", disk]);
  }
}

mkdirSync(work, { recursive: true });
await check("install.sh: a full disk", () => onDisk("rw", /cannot write to .*No space left/));
await check("install.sh: a read-only disk", () => onDisk("ro", /cannot write to .*--to/));

clearTimeout(late);
rmSync(work, { recursive: true, force: true });
finish();
