// Files and folders of other users in the way of `cdp`: none is followed, opened or believed.
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp, openStage, type Stage } from "./support/stage.ts";

/** Neither root nor anybody else on this machine. */
const [US, STRANGER, OUR_GROUP] = [54_321, 54_322, 54_321];

if (process.getuid?.() !== 0) {
  skip("files of other users", "only root can give them away");
  process.exit();
}
const configName = "discord-presence-config.json";
const lockName = "codex-discord-presence.lock";

interface Said {
  readonly status: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs `cdp` as root. */
function run(stage: Stage, args: readonly string[], more: Record<string, string> = {}): Said {
  return said([cdp, ...args], { ...stage.env("cdp"), CDP_LOG: "", ...more });
}

function said(line: readonly string[], env: Record<string, string>): Said {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...line], { env, stdin: "ignore" });
  return { status: exitCode, out: stdout.toString(), errors: stderr.toString() };
}

/** A link is given away itself, not what it leads to. */
const give = (path: string) => lchownSync(path, STRANGER, STRANGER);

function wants(what: string, text: string, part: string): void {
  if (!text.includes(part)) fail(`${what} does not say ${JSON.stringify(part)}:\n${text}`);
}

/** A home with one of our own files, to which nothing may be done. */
function open(): { stage: Stage; home: string; notes: string; [Symbol.dispose](): void } {
  const stage = openStage("exec true");
  chmodSync(stage.folder, 0o755);
  const notes = join(stage.folder, "notes");
  writeFileSync(notes, "notes");
  return {
    stage,
    home: join(stage.folder, "codex"),
    notes,
    [Symbol.dispose]: () => stage[Symbol.dispose](),
  };
}

await check("a config by a link of another user: refused, not read, not written", () => {
  using at = open();
  const real = join(at.stage.folder, "real.json");
  writeFileSync(real, '{ "schema_version": 2, "display": { "paused": true } }');
  const shared = join(at.stage.folder, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const link = join(shared, "link");
  symlinkSync(real, link);
  symlinkSync(link, join(at.home, configName));
  same("with our own link", run(at.stage, ["config", "get", "display.paused"]).out, "true\n");
  give(link);
  const got = run(at.stage, ["config", "get", "display.paused"]);
  same("with another user's", got.out, "false\n");
  wants("config show", run(at.stage, ["config", "show"]).errors, `${link} is a link of another`);
  wants("status", run(at.stage, ["status"]).out, `${link} is a link of another user`);
  const before = readFileSync(real, "utf8");
  const set = run(at.stage, ["config", "set", "display.paused", "true"]);
  same("exit status of a change", String(set.status), "2");
  wants("a change", set.errors, `${link} is a link of another user`);
  same("the target", readFileSync(real, "utf8"), before);
});

await check("a config that is another user's, or in another user's folder: refused", () => {
  using at = open();
  const folder = join(at.stage.folder, "theirs");
  mkdirSync(folder);
  writeFileSync(join(folder, "real.json"), '{ "display": { "paused": true } }');
  symlinkSync(join(folder, "real.json"), join(at.home, configName));
  give(folder);
  wants("the folder", run(at.stage, ["config", "show"]).errors, `${folder} belongs to another`);
  lchownSync(folder, 0, 0);
  give(join(folder, "real.json"));
  wants("the file", run(at.stage, ["config", "show"]).errors, "belongs to another user");
  same("what counts", run(at.stage, ["config", "get", "display.paused"]).out, "false\n");
});

await check("a log in a folder like /tmp, made by another user, or their link: refused", () => {
  using at = open();
  const shared = join(at.stage.folder, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const log = join(shared, "cdp.log");
  writeFileSync(log, "");
  chmodSync(log, 0o666);
  give(log);
  const first = run(at.stage, ["status"], { CDP_LOG: log });
  same("on standard error", first.errors, refusal(`${log} belongs to another user`));
  same("their file", readFileSync(log, "utf8"), "");
  rmSync(log);
  symlinkSync(at.notes, log);
  give(log);
  const second = run(at.stage, ["status"], { CDP_LOG: log });
  same("on standard error", second.errors, refusal(`${log} is a link`));
  same("our file", readFileSync(at.notes, "utf8"), "notes");
  rmSync(log);
  run(at.stage, ["status"], { CDP_LOG: log });
  same("with none there it is made", String(existsSync(log)), "true");
});

await check("a lock that is another user's: refused, and neither locked nor written", () => {
  using at = open();
  const lock = join(at.home, lockName);
  writeFileSync(lock, "4711");
  give(lock);
  const headless = run(at.stage, ["--headless"]);
  same("exit status", String(headless.status), "1");
  wants("headless", headless.errors, `${lock} belongs to another user`);
  wants("doctor", run(at.stage, ["doctor"]).out, `${lock} belongs to another user`);
  same("their lock", readFileSync(lock, "utf8"), "4711");
});

await check("a home below another user's folder: refused, nothing is written", () => {
  using at = open();
  give(at.stage.folder);
  const why = `the folder ${at.stage.folder} belongs to another user`;
  wants("status", run(at.stage, ["status"]).out, why);
  const doctor = run(at.stage, ["doctor", "--json"]);
  wants("doctor", doctor.out, why);
  same("exit status of doctor", String(doctor.status), "1");
  same("exit status of headless", String(run(at.stage, ["--headless"]).status), "2");
  same("Codex's own exit status", String(run(at.stage, ["codex", "exec", "x"]).status), "0");
  same("files in the home", readdirSync(at.home), []);
});

await check("a home by another user's link: refused", () => {
  using at = open();
  const link = join(at.stage.folder, "link");
  symlinkSync(at.home, link);
  const env = { CODEX_HOME: link };
  same("by our own", String(run(at.stage, ["config", "path"], env).status), "0");
  give(link);
  const { status, errors } = run(at.stage, ["config", "path"], env);
  same("exit status by theirs", String(status), "2");
  wants("config path", errors, `${link} is a link of another user`);
});

/** The tables of accounts as `cdp` finds them: ours in place of the machine's, in a mount namespace. */
function asUs(stage: Stage, passwd: string, group: string, args: readonly string[]): Said {
  const [users, groups] = [join(stage.folder, "passwd"), join(stage.folder, "group")];
  const root = "root:x:0:0:root:/root:/bin/sh\n";
  writeFileSync(users, root + passwd);
  writeFileSync(groups, `root:x:0:\n${group}`);
  const mount = 'mount --bind "$1" /etc/passwd && mount --bind "$2" /etc/group && shift 2';
  const become = `exec setpriv --reuid=${US} --regid=${OUR_GROUP} --clear-groups "$@"`;
  const line = ["unshare", "-m", "sh", "-c", `${mount} && ${become}`, "sh", users, groups];
  return said([...line, cdp, ...args], { ...stage.env("cdp"), CDP_LOG: "" });
}

const ann = `ann:x:${US}:${OUR_GROUP}::/home/ann:/bin/sh\n`;
const tables: readonly (readonly [name: string, passwd: string, group: string, ok: boolean])[] = [
  ["their private one", ann, `ann:x:${OUR_GROUP}:\n`, true],
  ["their private one, themselves listed", ann, `ann:x:${OUR_GROUP}:ann\n`, true],
  ["one with another member", ann, `ann:x:${OUR_GROUP}:bob\n`, false],
  ["one of another name", ann, `users:x:${OUR_GROUP}:\n`, false],
  ["one that no table has", ann, "", false],
  [
    "another user's primary group, too",
    `${ann}bob:x:${STRANGER}:${OUR_GROUP}::/:/bin/sh\n`,
    `ann:x:${OUR_GROUP}:\n`,
    false,
  ],
  ["that of a user without an entry", "", `ann:x:${OUR_GROUP}:\n`, false],
];

for (const [name, passwd, group, ok] of tables) {
  // oxlint-disable-next-line no-await-in-loop -- they are printed in order
  await check(`a home that a group may write, ${name}: ${ok ? "used" : "refused"}`, () => {
    using at = open();
    lchownSync(at.home, US, OUR_GROUP);
    chmodSync(at.home, 0o775);
    const { status, errors } = asUs(at.stage, passwd, group, ["config", "path"]);
    same("exit status", String(status), ok ? "0" : "2");
    if (!ok) wants("config path", errors, `${at.home} can be written by other users`);
  });
}

await check("in a user namespace without root, as some containers have, a home is used", () => {
  using at = open();
  lchownSync(at.home, US, OUR_GROUP);
  const become = ["setpriv", `--reuid=${US}`, `--regid=${OUR_GROUP}`, "--clear-groups"];
  const alone = ["unshare", "-U", `--map-user=${US}`, `--map-group=${OUR_GROUP}`];
  const env = { ...at.stage.env("cdp"), CDP_LOG: "" };
  if (said([...become, ...alone, "true"], env).status !== 0) {
    return skip("user namespaces", "this system lets users make none");
  }
  const { status, errors } = said([...become, ...alone, cdp, "config", "path"], env);
  same("on standard error", errors, "");
  same("exit status", String(status), "0");
});

await check("a home that another user may write by an access control list: refused", () => {
  using at = open();
  lchownSync(at.home, US, OUR_GROUP);
  chmodSync(at.home, 0o755);
  const group = `ann:x:${OUR_GROUP}:\n`;
  same("without", String(asUs(at.stage, ann, group, ["config", "path"]).status), "0");
  // acl(5) as the kernel has it: version 2; user::rwx user:STRANGER:rwx group::r-x mask::rwx other::r-x
  const none = 0xffff_ffff;
  const entries = [
    [1, 7, none],
    [2, 7, STRANGER],
    [4, 5, none],
    [0x10, 7, none],
    [0x20, 5, none],
  ];
  const code = `import os, struct, sys
value = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in ${JSON.stringify(entries)})
os.setxattr(sys.argv[1], "system.posix_acl_access", value)`;
  const set = said(["python3", "-c", code, at.home], { PATH: process.env["PATH"] ?? "" });
  if (set.status !== 0) return skip("access control lists", "this file system has none");
  const { status, errors } = asUs(at.stage, ann, group, ["config", "path"]);
  same("exit status", String(status), "2");
  wants("config path", errors, `${at.home} can be written by other users`);
});

finish();

function refusal(why: string): string {
  return `cdp: nothing is logged, as CDP_LOG is not used: ${why}\n`;
}
