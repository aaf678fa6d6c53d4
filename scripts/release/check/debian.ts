import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { debianArchitecture, debianFile } from "../debian.ts";
import type { Project } from "../project.ts";
import { ask, run } from "../shell.ts";
import type { Target } from "../targets.ts";
import { checkStart } from "./files.ts";
import { equal, type Rows } from "./rows.ts";
import type { Starter } from "./start.ts";

/** Installs, runs and purges a `.deb` where it is this machine's; else it is unpacked and started. */
export async function checkDebian(
  rows: Rows,
  { release, work, project }: { release: string; work: string; project: Project },
  target: Target,
  starter: Starter,
): Promise<void> {
  const architecture = debianArchitecture(target);
  if (architecture === undefined) return;
  const file = debianFile(project, architecture);
  const path = join(release, file);
  if (Bun.which("dpkg-deb") === null) {
    rows.add(file, "dpkg", "unavailable", "needs dpkg-deb");
    return;
  }
  await rows.check(file, "control", async () => {
    const fields = await run(["dpkg-deb", "-f", path, "Package", "Architecture"]);
    equal("fields", fields, `Package: ${project.name}\nArchitecture: ${architecture}\n`);
    const owners = new Set((await run(["dpkg-deb", "-c", path])).match(/^\S+ \S+/gm));
    const foreign = [...owners].filter((line) => !line.endsWith(" root/root"));
    equal("files of others than root", foreign, []);
    return architecture;
  });
  const unpacked = join(work, "debian", architecture);
  mkdirSync(unpacked, { recursive: true });
  await run(["dpkg-deb", "-x", path, unpacked]);
  const folder = join(unpacked, "usr", "bin");
  await checkStart(rows, file, folder, target, starter, project.version);
  if (starter.kind === "command" && starter.how === "native")
    await install(rows, file, path, project);
}

async function install(rows: Rows, file: string, path: string, project: Project): Promise<void> {
  const how = "apt install, purge";
  const { name, version } = project;
  const there = await ask(["dpkg-query", "-W", name]);
  if (process.getuid?.() !== 0 || Bun.which("apt-get") === null) {
    rows.add(file, how, "unavailable", "needs apt-get, and root");
    return;
  }
  if (there.status === 0 || existsSync("/usr/bin/cdp")) {
    rows.add(file, how, "unavailable", "cdp is already installed on this machine");
    return;
  }
  await rows.check(file, how, async () => {
    const apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", "-y"];
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run([...apt, "install", path], { env });
    try {
      equal("--version", (await run(["/usr/bin/cdp", "--version"])).trim(), version);
    } finally {
      await run([...apt, "purge", name], { env });
    }
    const left = ["/usr/bin/cdp", `/usr/share/doc/${name}`, "/usr/share/man/man1/cdp.1.gz"];
    equal("what is left", left.filter(existsSync), []);
    const known = await ask(["dpkg-query", "-W", name]);
    equal("dpkg's status of it", known.status, 1);
    return "version; nothing left";
  });
}
