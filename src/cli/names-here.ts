import { readFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import type { Clock } from "../lib/clock.ts";
import { programsNamed, withAbsolutePath } from "../lib/programs.ts";
import { runProgram } from "../lib/run-program.ts";
import { folderName } from "../presence/paths.ts";
import { outerConfigFiles } from "../repository/config-places.ts";
import { gitMs, peopleIn, readPeople } from "../repository/git-answers.ts";
import { readGitConfig } from "../repository/git-config.ts";
import type { GitProgram } from "../repository/git-program.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface NamesQuestion {
  readonly env: Env;
  readonly home: string | undefined;
  readonly clock: Clock;
  readonly git: GitProgram;
  readonly platform?: NodeJS.Platform;
  readonly uid?: number | undefined;
  /** The list of accounts. */
  readonly passwd?: string;
}

/** How long the list of accounts may take where it is kept on another machine, ms. */
const accountMs = 1500;
const maxBytes = 64 * 1024;

/**
 * Everything by which the person and the machine are called: the account's login, full name and
 * home folder, git's `user.name` and `user.email`, and the machine's name. Takes 4 s at most
 * unless a disk does not answer; rejects never.
 */
export async function namesHere(question: NamesQuestion): Promise<readonly string[]> {
  const { env } = question;
  const [account, git] = await Promise.all([accountNames(question), gitNames(question)]);
  const [machine] = (tryName(hostname) ?? "").split(".");
  const names = [
    ...account,
    ...git,
    ...variables.map((name) => env[name]),
    tryName(() => userInfo().username),
    machine,
  ];
  const given = names.filter((name) => name !== undefined);
  return [...new Set(given.map((name) => name.trim()))].filter((name) => name !== "");
}

/** Which name the person by themselves: for the account, for git. */
const variables =
  "USER LOGNAME USERNAME EMAIL GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL".split(
    " ",
  );

function tryName(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined; // No entry for this user: then there is no name to hide.
  }
}

/** Login, full name and home folder's name, as the list of accounts has them. */
async function accountNames(question: NamesQuestion): Promise<readonly string[]> {
  const {
    platform = process.platform,
    uid = process.getuid?.(),
    passwd = "/etc/passwd",
  } = question;
  if (platform === "win32" || uid === undefined) return [];
  const list = await readFile(passwd, "utf8").catch(() => "");
  const listed = accountLine(list, uid) ?? (await askedAccount(question, uid));
  const full = platform === "darwin" ? await output(question, "/usr/bin/id", ["-F"]) : undefined;
  return [...namesInAccount(listed ?? ""), ...(full === undefined ? [] : [full.trim()])];
}

/** Accounts of a network (LDAP, SSSD) stand in no file. */
async function askedAccount(question: NamesQuestion, uid: number): Promise<string | undefined> {
  const { env, platform = process.platform } = question;
  for (const path of programsNamed("getent", env["PATH"], platform)) {
    // oxlint-disable-next-line no-await-in-loop -- the first one that there is counts
    const text = await output(question, path, ["passwd", String(uid)]);
    if (text !== undefined) return accountLine(text, uid);
  }
  return undefined;
}

async function output(
  { env, clock, platform = process.platform }: NamesQuestion,
  path: string,
  args: readonly string[],
): Promise<string | undefined> {
  const ran = await runProgram(path, args, {
    env: withAbsolutePath(env, platform),
    clock,
    timeoutMs: accountMs,
    maxBytes,
  });
  return ran.kind === "ended" && ran.status === 0 ? ran.text : undefined;
}

/** The line of an account: `login:password:uid:gid:full name,room,telephone:home:shell`. */
export function accountLine(list: string, uid: number): string | undefined {
  return list.split("\n").find((line) => line.split(":", 3)[2] === String(uid));
}

export function namesInAccount(line: string): readonly string[] {
  const [login = "", , , , gecos = "", home = ""] = line.split(":");
  const [full = ""] = gecos.split(",", 1);
  // "&" stands for the login with a capital.
  const capital = `${login.slice(0, 1).toUpperCase()}${login.slice(1)}`;
  const names = [login, full.replaceAll("&", capital).trim(), folderName(home)];
  return names.filter((name) => name !== "");
}

async function gitNames(question: NamesQuestion): Promise<readonly string[]> {
  const { git, env, home } = question;
  const state = await git.state();
  if (state.kind === "ready" || state.kind === "tooOld") {
    const pattern = "^(user|author|committer)\\.(name|email)$";
    const ran = await git.run(state, ["config", "-z", "--get-regexp", pattern], gitMs);
    // 1: there is none of them.
    if (ran.kind === "ended" && ran.status <= 1) return readPeople(ran.text);
  }
  const files = outerConfigFiles({ home, xdg: env["XDG_CONFIG_HOME"] });
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return peopleIn(texts.flatMap((text) => readGitConfig(text.slice(0, maxBytes))));
}
