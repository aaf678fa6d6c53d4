// Disks of another user's program (FUSE), which may call their files ours, or never answer: nothing
// is put there, read there or asked of them.
import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openSocketDisk } from "../../src/discord/disk.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { DiskLanes } from "../../src/lib/disk-lanes.ts";
import { messageOf } from "../../src/lib/errors.ts";
import { followLinksLater } from "../../src/lib/followed-file.ts";
import { entryOf } from "../../src/lib/look-at.ts";
import { openGitFiles } from "../../src/repository/git-files.ts";
import { mountHangingDisk } from "./support/hanging-disk.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp, openStage, type Stage } from "./support/stage.ts";

/** Neither root nor anybody else on this machine. */
const STRANGER = 54_322;

if (process.getuid?.() !== 0) {
  skip("disks of other users", "only root can mount them in their names");
  process.exit();
}

/** Runs `cdp` as root, and ends it where it hangs. */
function run(stage: Stage, args: readonly string[], more: Readonly<Record<string, string>>) {
  const env = { ...stage.env("cdp"), CDP_LOG: "", ...more };
  const line = ["timeout", "--signal=KILL", "10", cdp, ...args];
  const { stdout, stderr } = Bun.spawnSync(line, { env, stdin: "ignore" });
  return { out: stdout.toString(), errors: stderr.toString() };
}

/** A folder of the stranger's in a folder like /tmp. */
function theirFolder(stage: Stage): string {
  const shared = join(stage.folder, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const theirs = join(shared, "theirs");
  mkdirSync(theirs);
  lchownSync(theirs, STRANGER, STRANGER);
  return theirs;
}

const distrust = (folder: string): string => `the folder ${folder} belongs to another user`;
const noLog = (why: string): string => `cdp: nothing is logged, as CDP_LOG is not used: ${why}\n`;

const lying = "a disk that calls all its files ours: nothing is put there";
{
  using stage = openStage("exec true");
  const [theirs, source] = [theirFolder(stage), join(stage.folder, "source")];
  mkdirSync(source);
  for (const name of ["home", "run"]) mkdirSync(join(source, name));
  for (const path of [source, join(source, "home"), join(source, "run")]) {
    lchownSync(path, STRANGER, STRANGER);
  }
  const rights = "+sys_admin,+dac_override,+dac_read_search";
  const user = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, "--clear-groups"];
  const asStranger = ["setpriv", ...user, `--inh-caps=${rights}`, `--ambient-caps=${rights}`];
  const claim = ["--force-user=root", "--force-group=root", "--perms=a-rwx,u=rwX"];
  const mount = [...asStranger, "bindfs", "-o", "allow_other", ...claim, source, theirs];
  if (Bun.which("bindfs") === null || Bun.spawnSync(mount).exitCode !== 0) {
    skip(lying, "bindfs cannot be used here");
  } else {
    await check(lying, () => meetLying(stage, theirs, source));
    Bun.spawnSync(["umount", "--lazy", theirs]);
  }
}

async function meetLying(stage: Stage, theirs: string, source: string): Promise<void> {
  const [home, runtime] = [join(theirs, "home"), join(theirs, "run")];
  const found = lstatSync(home);
  same("the owner that it claims", String(found.uid), "0");
  // Also where only what lies on it is asked about, since it may have been mounted just now.
  same("the owner that counts", String(entryOf(found, home).uid), String(STRANGER));
  const place = await openSocketDisk().entry(home);
  same("as a place of Discord's", String("uid" in place && place.uid), String(STRANGER));
  const lanes = new DiskLanes({ clock: systemClock, places: 1 });
  const folder = await openGitFiles({ lanes, homes: [] }).entry(home);
  same("as a repository", String(folder.kind === "known" && folder.value.ours), "false");
  const log = run(stage, ["status"], { CDP_LOG: join(theirs, "log") });
  same("on standard error", log.errors, noLog(distrust(theirs)));
  const status = run(stage, ["status"], { CODEX_HOME: home }).out;
  if (!status.includes(distrust(theirs))) fail(`status says:\n${status}`);
  const publisher = ["timeout", "2", cdp, "--headless"];
  Bun.spawnSync(publisher, { env: { ...stage.env("cdp"), XDG_RUNTIME_DIR: runtime } });
  const names = readdirSync(source, { recursive: true, encoding: "utf8" });
  same("what is there", names.toSorted(), ["home", "run"]);
}

await check("a disk that never answers: it is not asked", async () => {
  using stage = openStage("exec true");
  const theirs = theirFolder(stage);
  await using disk = await mountHangingDisk(theirs, STRANGER);
  const { errors } = run(stage, ["status"], { CDP_LOG: join(theirs, "log") });
  same("on standard error", errors, noLog(distrust(theirs)));
  same("as a place of Discord's", (await openSocketDisk().entry(theirs)).kind, "folder");
  const refused = await followLinksLater(join(theirs, "x")).then(String, messageOf);
  same("without a synchronous call", refused, distrust(theirs));
  same("it was asked", String(disk.isAsked()), "false");
});

finish();
