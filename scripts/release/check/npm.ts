import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "../project.ts";
import { ask, run } from "../shell.ts";
import { serveRegistry } from "./registry.ts";
import { equal, type Rows } from "./rows.ts";

const nobody = 65534;

/** Installs, runs and removes the npm packages through a registry on this machine. */
export async function checkNpm(rows: Rows, release: string, project: Project): Promise<void> {
  using registry = await serveRegistry(release);
  const { name, version } = project;
  const file = `${name}-${version}.tgz`;
  const users = process.getuid?.() === 0 ? (["root", "user"] as const) : (["user"] as const);
  for (const user of users) {
    const drop = users.length > 1 && user === "user";
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await rows.check(file, `npm i -g, as ${user}`, async () => {
      await using npm = stage(registry.url, drop);
      await npm.run("npm", "install", "-g", name);
      const installed = readdirSync(join(npm.modules, name, "node_modules"));
      const cdp = join(npm.bin, "cdp");
      equal("--version", (await npm.run(cdp, "--version")).trim(), version);
      const wrong = await npm.ask(cdp, "no-such-command");
      equal("the status of a mistake", wrong.status, 2);
      await npm.run("npm", "uninstall", "-g", name);
      equal("what is left", [listed(npm.modules), listed(npm.bin)], [[], []]);
      return `with ${installed.filter((each) => !each.startsWith(".")).join(", ")}; removed`;
    });
  }
  await rows.check(file, "npx", async () => {
    await using npm = stage(registry.url, false);
    equal("--version", (await npm.run("npx", "--yes", name, "--version")).trim(), version);
    return "version";
  });
  // npm 11 takes no notice of --omit in a global install: a folder's own it does.
  await rows.check(file, "npm i --omit=optional", async () => {
    await using npm = stage(registry.url, false);
    await npm.run("npm", "install", "--prefix", npm.folder, "--omit=optional", name);
    const cdp = join(npm.folder, "node_modules", ".bin", "cdp");
    const { status, out, err } = await npm.ask(cdp, "--version");
    equal("status and output", [status, out, err.split("\n").length], [127, "", 2]);
    if (!err.includes("is not installed: npm install -g")) throw new Error(err);
    return err.trim();
  });
}

function listed(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")) : [];
}

/** A home, prefix and cache of their own. @param drop runs everything as another user than root */
function stage(url: string, drop: boolean) {
  const folder = mkdtempSync(join(tmpdir(), "cdp-npm-"));
  const env = {
    HOME: join(folder, "home"),
    npm_config_registry: url,
    npm_config_prefix: join(folder, "prefix"),
    npm_config_cache: join(folder, "cache"),
    npm_config_userconfig: join(folder, "npmrc"),
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
  for (const path of ["", "home", "prefix", "cache"]) {
    mkdirSync(join(folder, path), { recursive: true });
    chmodSync(join(folder, path), 0o777);
  }
  const user = drop ? ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"] : [];
  const options = { cwd: folder, env, timeoutMs: 120_000 };
  return {
    folder,
    bin: join(folder, "prefix", "bin"),
    modules: join(folder, "prefix", "lib", "node_modules"),
    run: (...command: readonly string[]) => run([...user, ...command], options),
    ask: (...command: readonly string[]) => ask([...user, ...command], options),
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve(rmSync(folder, { recursive: true, force: true }));
    },
  };
}
