import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import schemaOfDocs from "../../../docs/config.schema.json" with { type: "json" };
import { isValid, readSignature } from "../macho.ts";
import type { Project } from "../project.ts";
import { ask, run } from "../shell.ts";
import { archiveName, programName, type Target } from "../targets.ts";
import { systemOf } from "./program.ts";
import { filesBelow } from "./listing.ts";
import { equal, type Rows } from "./rows.ts";
import { start, type Starter } from "./start.ts";

/** What every archive holds beside the program. */
const papers = [
  "LICENSE",
  "README.md",
  "THIRD_PARTY_LICENSES",
  "cdp.1",
  "completions/_cdp",
  "completions/cdp.bash",
  "completions/cdp.fish",
];

/** `SHA256SUMS` names every file of the release, and each has its sum. */
export function checkSums(rows: Rows, release: string): Promise<void> {
  return rows.check("SHA256SUMS", "sums", () => {
    const lines = readFileSync(join(release, "SHA256SUMS"), "utf8").trimEnd().split("\n");
    const named = lines.map((line) => /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [line]);
    for (const [, sum, file = ""] of named) {
      const bytes = readFileSync(join(release, file));
      equal(`the sum of ${file}`, createHash("sha256").update(bytes).digest("hex"), sum);
    }
    const files = filesBelow(release).filter((file) => file !== "SHA256SUMS");
    equal(
      "the list",
      named.map(([line, , file = line ?? ""]) => file).toSorted(),
      files.toSorted(),
    );
    return `${files.length} files`;
  });
}

/** Unpacks an archive, verifies what is in it, and starts its program as it was shipped. */
export async function checkArchive(
  rows: Rows,
  { release, work, project }: { release: string; work: string; project: Project },
  target: Target,
  starter: Starter,
): Promise<void> {
  const file = archiveName(target, project.version);
  const folder = join(work, "archive", `cdp-${project.version}-${target.name}`);
  await rows.check(file, "contents", async () => {
    await unpack(join(release, file), join(work, "archive"));
    const files = filesBelow(folder);
    equal("the list", files.toSorted(), [...papers, programName(target)].toSorted());
    const licences = readFileSync(join(folder, "THIRD_PARTY_LICENSES"), "utf8");
    for (const part of ["JavaScriptCore", "node-pty", "GNU LIBRARY GENERAL PUBLIC LICENSE"]) {
      if (!licences.includes(part)) throw new Error(`THIRD_PARTY_LICENSES says nothing of ${part}`);
    }
    const program = readFileSync(join(folder, programName(target)));
    const { os, arch, libc } = target;
    equal("the program's system", systemOf(program), { os, arch, libc });
    const packed = await programOfNpm(release, project, target);
    if (!program.equals(packed)) throw new Error("npm's package has another program");
    return `${files.length} files, the program as on npm`;
  });
  if (target.os === "darwin") {
    await rows.check(file, "signature", () => {
      const signature = readSignature(readFileSync(join(folder, "cdp")));
      if (!isValid(signature)) throw new Error(`not valid: ${JSON.stringify(signature)}`);
      return `ad hoc, ${signature?.pages} pages right`;
    });
  }
  await checkStart(rows, file, folder, target, starter, project.version);
}

/** Starts an unpacked program: its version, the schema that it holds, and what its doctor finds. */
export async function checkStart(
  rows: Rows,
  file: string,
  folder: string,
  target: Target,
  starter: Starter,
  version: string,
): Promise<void> {
  if (starter.kind !== "command") {
    rows.add(file, starter.how, starter.kind, starter.why);
    return;
  }
  await rows.check(file, starter.how, async () => {
    const answer = (...args: readonly string[]) =>
      start(starter, folder, programName(target), args);
    await starter.prepare(folder);
    equal("--version", await answer("--version"), version);
    const schema: unknown = JSON.parse(await answer("config", "schema"));
    equal("config schema", schema, schemaOfDocs);
    const { checks } = JSON.parse(await answer("doctor", "--json")) as {
      readonly checks: readonly { readonly name: string; readonly line: string }[];
    };
    const pty = checks.find(({ name }) => name === "pty")?.line ?? "not named";
    // node-pty's addon was embedded, for this system, and could be mapped.
    if (target.libc === "glibc" || target.os === "darwin") equal("the pty", pty, "node-pty");
    return `version, schema, doctor (pty: ${pty})`;
  });
}

async function programOfNpm(release: string, project: Project, target: Target): Promise<Buffer> {
  const file = join(release, `${project.name}-${project.version}-${target.name}.tgz`);
  const child = Bun.spawn(["tar", "-xzOf", file, `package/bin/${programName(target)}`]);
  return Buffer.from(await new Response(child.stdout).arrayBuffer());
}

async function unpack(file: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (!file.endsWith(".zip")) {
    await run(["tar", "-xzf", file, "-C", folder]);
    return;
  }
  const { unzipSync } = await import("fflate");
  const { place } = await import("../archive.ts");
  const files = Object.entries(unzipSync(readFileSync(file)));
  place(
    files.map(([path, bytes]) => ({ path, bytes, program: path.endsWith(".exe") })),
    folder,
  );
}

/** Whether the manual page is one: `man` reads it without a complaint, where `man` is installed. */
export async function checkManual(rows: Rows, page: string): Promise<void> {
  if (Bun.which("man") === null || !existsSync(page)) return;
  await rows.check("cdp.1", "man", async () => {
    const { status, out, err } = await ask(["man", "--warnings", "-l", page], {
      // Elsewhere troff complains of characters that the person's locale cannot show.
      env: { LC_ALL: "C.UTF-8" },
    });
    equal("man's status and complaints", [status, err], [0, ""]);
    if (!out.includes("cdp doctor")) throw new Error("no command in it");
    return "no warning";
  });
}
