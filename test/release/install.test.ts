import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tarGz } from "../../scripts/release/archive.ts";

const source = join(import.meta.dir, "..", "..", "scripts", "release", "install.sh");
const found = ["dash", "bash"].filter((name) => Bun.which(name) !== null);
const shells = found.length > 0 ? found : ["sh"];
const os = process.platform === "darwin" ? "darwin" : "linux";
const onMusl = os === "linux" && !/ld-linux/.test(listed("/lib") + listed("/lib64"));
const name = `cdp-1.2.3-${os}-${process.arch}${onMusl ? "-musl" : ""}`;

/** Files of a release: the program is a script, small enough for a download to be cut anywhere. */
let files = new Map<string, Uint8Array>();
let server: ReturnType<typeof Bun.serve>;
/** Answers with the length of a file, and sends half of it. */
let cutting: Bun.TCPSocketListener;
let folder = "";

beforeAll(async () => {
  files = await releaseOf("echo 1.2.3");
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      const bytes = files.get(new URL(url).pathname.slice(1));
      return bytes === undefined ? new Response("no", { status: 404 }) : new Response(bytes);
    },
  });
  cutting = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data: (socket, request) => {
        const path = /^GET \/(\S+)/.exec(request.toString())?.[1] ?? "";
        const bytes = files.get(path) ?? new Uint8Array();
        const sent = path === "SHA256SUMS" ? bytes : bytes.subarray(0, bytes.length / 2);
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
        socket.write(sent);
        socket.end();
      },
    },
  });
});

afterAll(async () => {
  cutting.stop(true);
  await server.stop(true);
});

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cdp-install-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(shells)("install.sh in %s", (shell) => {
  test("downloads, verifies and installs; again, it updates", async () => {
    const first = await install(shell, ["--from", address()]);
    expect(first).toMatchObject({ status: 0, err: "" });
    expect(first.out).toContain(`cdp 1.2.3 is in ${folder}/to`);
    expect(await version()).toBe("1.2.3");
    writeFileSync(join(folder, "to", "cdp"), "#!/bin/sh\necho 1.0.0\n");
    expect((await install(shell, ["--from", address()])).status).toBe(0);
    expect(await version()).toBe("1.2.3");
    expect(left()).toEqual(["cdp"]);
  });

  test("says how to come by it where the folder is not on PATH, and nothing where it is", async () => {
    const without = await install(shell, ["--from", address()]);
    expect(without.out).toContain(`export PATH="${folder}/to:$PATH"`);
    const path = `${process.env["PATH"]}:${folder}/to`;
    const inside = await install(shell, ["--from", address()], { PATH: path });
    expect(inside.out).toBe(`cdp 1.2.3 is in ${folder}/to\n`);
  });

  test("takes the archive from the folder that it lies in", async () => {
    for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
    expect(await install(shell, [])).toMatchObject({ status: 0, err: "" });
    expect(await version()).toBe("1.2.3");
  });

  test("works with wget alone, and says what is missing without it", async () => {
    const tools =
      "uname mkdir mktemp awk tar gzip cp chmod mv rm head tail sha256sum shasum dirname";
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const tool of [...tools.split(" "), shell, "wget"]) {
      const path = Bun.which(tool);
      if (path !== null) symlinkSync(path, join(bin, tool));
    }
    if (existsSync(join(bin, "wget"))) {
      const done = await install(shell, ["--from", address()], { PATH: bin });
      expect(done).toMatchObject({ status: 0, err: "" });
      rmSync(join(bin, "wget"));
    }
    const { status, err } = await install(shell, ["--from", address()], { PATH: bin });
    expect([status, err]).toEqual([1, "install.sh: needs curl or wget\n"]);
  });

  const faults: readonly (readonly [string, () => readonly string[], RegExp])[] = [
    [
      "a cut download",
      () => ["--from", `http://127.0.0.1:${cutting.port}`],
      /cannot download|wrong sum/,
    ],
    ["no network", () => ["--from", "http://127.0.0.1:9"], /cannot download .*SHA256SUMS/],
    [
      "a version that is not there",
      () => ["--from", address(), "--version", "9.9.9"],
      /cannot download .*cdp-9\.9\.9/,
    ],
    ["a version that is a path", () => ["--version", "../1.2.3"], /not a version/],
    ["no value", () => ["--to"], /--to needs a value/],
    ["an unknown option", () => ["--too", "x"], /unknown option: --too/],
    ["no release to take from", () => [], /unpublished: name the folder/],
    [
      "a folder that cannot be made",
      () => ["--from", address(), "--to", "/dev/null/x"],
      /cannot make \/dev\/null\/x: choose/,
    ],
    [
      "a folder that cannot be written",
      () => ["--from", address(), "--to", "/proc/self"],
      /cannot (?:write to|make) \/proc\/self: choose/,
    ],
  ];

  test.each(faults)("stops at %s: one line, the old program as it was", async (_, args, line) => {
    mkdirSync(join(folder, "to"));
    writeFileSync(join(folder, "to", "cdp"), "old");
    const { status, err } = await install(shell, args());
    expect({ status, lines: err.trimEnd().split("\n").length }).toEqual({ status: 1, lines: 1 });
    expect(err).toMatch(line);
    expect(left()).toEqual(["cdp"]);
    expect(readFileSync(join(folder, "to", "cdp"), "utf8")).toBe("old");
  });

  type Files = Map<string, Uint8Array>;
  const spoiled: readonly (readonly [string, () => Promise<Files>, RegExp])[] = [
    [
      "another sum",
      async () => {
        const sums = files.get("SHA256SUMS") ?? new Uint8Array();
        return new Map([...(await releaseOf("echo evil")), ["SHA256SUMS", sums]]);
      },
      /has the wrong sum/,
    ],
    [
      "no sum of it",
      () => {
        const sums = new TextEncoder().encode(`${"0".repeat(64)}  other\n`);
        return Promise.resolve(new Map([...files, ["SHA256SUMS", sums]]));
      },
      /does not name/,
    ],
    ["an archive without the program", () => releaseOf(undefined), /cannot unpack/],
    ["another version", () => releaseOf("echo 9.9.9"), /calls itself 9\.9\.9, not 1\.2\.3/],
    [
      "a program that does not start",
      () => releaseOf("echo bad >&2; exit 1"),
      /does not start here: bad/,
    ],
  ];

  test.each(spoiled)("installs nothing with %s", async (_, spoil, line) => {
    const before = files;
    files = await spoil();
    const { status, err } = await install(shell, ["--from", address()]);
    files = before;
    expect(status).toBe(1);
    expect(err).toMatch(/^install\.sh: [^\n]*\n$/);
    expect(err).toMatch(line);
    expect(left()).toEqual([]);
  });

  test("replaces a program that runs, which goes on", async () => {
    mkdirSync(join(folder, "to"));
    const sleep = Bun.which("sleep")!;
    copyFileSync(sleep, join(folder, "to", "cdp"));
    const running = Bun.spawn([join(folder, "to", "cdp"), "60"]);
    expect((await install(shell, ["--from", address()])).status).toBe(0);
    expect(running.exitCode).toBeNull();
    running.kill();
    await running.exited;
    expect(await version()).toBe("1.2.3");
  });

  test("a script that was cut off anywhere does nothing", async () => {
    const whole = script();
    for (const part of [0.2, 0.5, 0.9, 0.99]) {
      const cut = whole.slice(0, Math.floor(whole.length * part));
      const child = Bun.spawn([shell], { stdin: new Blob([cut]), env: env({}), stderr: "ignore" });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await child.exited;
    }
    expect(readdirSync(folder).filter((entry) => entry !== "home")).toEqual([]);
    expect(existsSync(join(folder, "home", ".local"))).toBe(false);
  });
});

function address(): string {
  return `http://127.0.0.1:${server.port}`;
}

function script(): string {
  return readFileSync(source, "utf8")
    .replaceAll("@VERSION@", "1.2.3")
    .replaceAll("@DOWNLOADS@", "https://unpublished.invalid/releases/download/v1.2.3");
}

function env(more: Readonly<Record<string, string>>): Record<string, string> {
  const path = process.env["PATH"] ?? "";
  return { PATH: path, HOME: join(folder, "home"), TMPDIR: join(folder, "tmp"), ...more };
}

async function install(
  shell: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const path = join(folder, "install.sh");
  writeFileSync(path, script());
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const to = args.includes("--to") ? [] : ["--to", join(folder, "to")];
  const command = [Bun.which(shell)!, path, ...to, ...args];
  const child = Bun.spawn(command, { env: env(more), stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const status = await child.exited;
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  return { status, out, err };
}

async function version(): Promise<string> {
  return (await Bun.spawn([join(folder, "to", "cdp")]).stdout.text()).trim();
}

function left(): readonly string[] {
  return existsSync(join(folder, "to")) ? readdirSync(join(folder, "to")) : [];
}

function listed(path: string): string {
  return existsSync(path) ? readdirSync(path).join(" ") : "";
}

/** A release whose program runs this line of shell; `undefined`: whose archive has no program. */
async function releaseOf(line: string | undefined): Promise<Map<string, Uint8Array>> {
  const path = line === undefined ? "other" : "cdp";
  const archive = await tarGz(
    [{ path: `${name}/${path}`, bytes: `#!/bin/sh\n${line ?? ""}\n`, program: true }],
    0,
  );
  const sum = new Bun.CryptoHasher("sha256").update(archive).digest("hex");
  return new Map([
    [`${name}.tar.gz`, archive],
    ["SHA256SUMS", new TextEncoder().encode(`${sum}  ${name}.tar.gz\n`)],
  ]);
}
