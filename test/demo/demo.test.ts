import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { openSessionWatch } from "../../src/cli/session-watch.ts";
import { cast } from "../../src/demo/cast.ts";
import { runDemo, type DemoChild, type DemoParts } from "../../src/demo/demo.ts";
import { builtInRecording } from "../../src/demo/recording.ts";
import { connectDiscord } from "../../src/discord/client.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { messageOf } from "../../src/lib/errors.ts";
import { silentLog } from "../../src/lib/log.ts";
import { toActivity } from "../../src/presence/activity.ts";
import type { ActivityKind } from "../../src/session/activity.ts";
import type { SessionList } from "../../src/session/session-view.ts";
import { openFiles } from "../../src/tail/files.ts";
import { openShortTemp } from "../support/short-temp.ts";
import { waitFor } from "../support/wait-for.ts";
import { privateWords } from "../../src/presence/words.ts";
import { activitiesOf } from "./activities.ts";

const tempBefore = process.env["TMPDIR"];
let opened: ReturnType<typeof openShortTemp>;
let temp: string;
let printed: string;

beforeEach(() => {
  opened = openShortTemp();
  temp = opened.path;
  process.env["TMPDIR"] = temp;
  printed = "";
});

afterEach(() => {
  if (tempBefore === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = tempBefore;
  opened[Symbol.dispose]();
});

function parts(wrap: DemoParts["wrap"]): DemoParts {
  return {
    scenes: ["wrapper"],
    dashboard: () => Promise.reject(new Error("not part of this one")),
    dashboardMs: 0,
    speed: 1,
    wrap,
    self: { file: "/opt/cdp", args: ["demo", "--play"] },
    env: { PATH: "/bin", CODEX_HOME: "/home/me/.codex", CODEX_THREAD_ID: "x", CDP_CODEX_BIN: "y" },
    platform: "linux",
    terminal: undefined,
    print: (text) => {
      printed += text;
    },
  };
}

const cardOf = (kind: ActivityKind) => ({
  details: privateWords[kind],
  state: "Using Codex",
  startedAt: Date.now(),
});

/** Sends what the recording comes to, through the socket that the demo's wrapper would use. */
const wrapping = (recording: string) => async (child: DemoChild) => {
  const attempt = await connectDiscord({
    clientId: "1470480085453770854",
    places: [{ path: child.env["CDP_DISCORD_SOCKET"]!, client: "discord" }],
    clock: systemClock,
    opened: () => undefined,
    signal: new AbortController().signal,
  });
  if (attempt.kind !== "connected") throw new Error(attempt.reason);
  expect(printed).toBe("");
  for (const kind of activitiesOf(recording).kinds) {
    await attempt.connection.setActivity(toActivity(cardOf(kind)).activity);
  }
  await attempt.connection.setActivity(undefined);
  attempt.connection.close();
};

const details = (): string[] =>
  printed.split("\n").flatMap((line) => /Playing Codex · (.*?) ·/.exec(line)?.[1] ?? []);

describe("the demo", () => {
  test("prints the cards its socket received", async () => {
    expect(await runDemo(parts(wrapping(builtInRecording)))).toBe(0);
    expect(details()).toEqual([
      "Waiting for input",
      "Thinking",
      "Reading files",
      "Running a command",
      "Thinking",
      "Waiting for approval",
      "Running a command",
      "Editing files",
      "Running a command",
      "Thinking",
      "Waiting for input",
    ]);
    expect(printed).toEndWith("(no card any more)\n");
  });

  test("prints each card as it arrives where there is no terminal", async () => {
    let meanwhile = "";
    await runDemo(
      parts(async (child) => {
        await wrapping(builtInRecording)(child);
        meanwhile = printed;
      }),
    );
    expect(meanwhile).toContain("Waiting for approval");
  });

  test("prints other cards when the recording is another", async () => {
    const changed = builtInRecording.replaceAll("npm test --", "cat src/tides.ts #");
    await runDemo(parts(wrapping(changed)));
    expect(details().filter((text) => text === "Running a command")).toHaveLength(1);
  });

  test("draws them where there is a terminal", async () => {
    const terminal = { cols: 120, color: false };
    await runDemo({ ...parts(wrapping(builtInRecording)), terminal });
    expect(printed).toContain("│ ▌>_▐  Waiting for approval");
  });

  test("gives the wrapper private places only, and removes them", async () => {
    let child: DemoChild | undefined;
    await runDemo(
      parts((given) => {
        child = given;
        const { env } = given;
        const folder = dirname(given.cwd);
        expect(folder).toStartWith(temp);
        expect(statSync(folder).mode & 0o777).toBe(0o700);
        expect(readdirSync(folder).toSorted()).toEqual(["codex", "discord-ipc-0", "tidewatch"]);
        expect(env).toEqual({
          PATH: "/bin",
          CODEX_HOME: join(folder, "codex"),
          XDG_RUNTIME_DIR: folder,
          CDP_DISCORD_SOCKET: join(folder, "discord-ipc-0"),
        });
        return Promise.resolve();
      }),
    );
    expect(child).toMatchObject({ file: "/opt/cdp", args: ["demo", "--play"] });
    expect(readdirSync(temp)).toEqual([]);
  });

  test("says so when nothing arrived", async () => {
    expect(await runDemo(parts(() => Promise.resolve()))).toBe(1);
    expect(printed).toBe("No card arrived at the stand-in Discord.\n");
  });

  test("leaves nothing behind when the wrapper fails", async () => {
    const demo = runDemo(parts(() => Promise.reject(new Error("no pty"))));
    expect(await demo.catch(messageOf)).toBe("no pty");
    expect(readdirSync(temp)).toEqual([]);
  });

  test("a temp folder too deep for a socket is not used", async () => {
    const deep = join(temp, "d".repeat(80));
    mkdirSync(deep);
    process.env["TMPDIR"] = deep;
    let used = "";
    await runDemo(
      parts((child) => {
        used = dirname(child.cwd);
        return Promise.resolve();
      }),
    );
    expect(used).toStartWith("/tmp/cdp-demo-");
    expect(existsSync(used)).toBeFalse();
  });
});

describe("the demo's dashboard", () => {
  const dashboard = (show: DemoParts["dashboard"], more: Partial<DemoParts> = {}): DemoParts => ({
    ...parts(() => Promise.reject(new Error("no wrapper here"))),
    scenes: ["dashboard"],
    dashboard: show,
    ...more,
  });

  test("has the sessions of the cast as Codex would have written them", async () => {
    let list: SessionList | undefined;
    const show = dashboard(async ({ env }) => {
      using disk = openFiles(systemClock, silentLog);
      const home = env["CODEX_HOME"]!;
      using watch = openSessionWatch({ home, disk, clock: systemClock, log: silentLog });
      list = await watch.look();
      return [];
    });
    await runDemo(show);
    const told = list!.sessions.map(
      ({ project, branch, model }) => `${project} ${branch} ${model?.id}`,
    );
    const wanted = cast.map(({ project, branch, model }) => `${project} ${branch} ${model}`);
    expect(told.toSorted()).toEqual(wanted.toSorted());
    expect(list!.sessions.filter(({ activity }) => activity.kind !== "idle")).toHaveLength(3);
    for (const { costUsd, context } of list!.sessions) {
      expect(costUsd).toBeGreaterThan(0);
      expect(context?.percent).toBeGreaterThan(0);
    }
    expect(list!.limits?.quotas.map(({ usedPercent }) => usedPercent)).toEqual([38, 74]);
    expect(readdirSync(temp)).toEqual([]);
  });

  test("goes on to live, faster when asked to", async () => {
    const kinds = new Set<string>();
    const show = dashboard(
      async ({ env }) => {
        using disk = openFiles(systemClock, silentLog);
        const home = env["CODEX_HOME"]!;
        const onChange = ({ sessions }: SessionList): void => {
          for (const { activity } of sessions) kinds.add(activity.kind);
        };
        using watch = openSessionWatch({
          home,
          disk,
          clock: systemClock,
          log: silentLog,
          onChange,
        });
        watch.start();
        await waitFor("a question", () => kinds.has("question"));
        await waitFor("an edit", () => kinds.has("editing"));
        return [];
      },
      { speed: 50 },
    );
    await runDemo(show);
    expect(kinds.size).toBeGreaterThan(3);
  });

  test("ends by itself, unless a key is pressed", async () => {
    await runDemo(dashboard(async ({ over }) => (await over, []), { dashboardMs: 20 }));
    let ended = false;
    const touched = dashboard(
      async ({ over, onInput }) => {
        void over.then(() => (ended = true));
        onInput();
        await Bun.sleep(600); // Longer than it would last: nothing says that no end has come.
        return [];
      },
      // Long enough for a slow machine to come to the key.
      { dashboardMs: 500 },
    );
    await runDemo(touched);
    expect(ended).toBeFalse();
  });

  test("prints its last screen where there is no terminal, after what arrived", async () => {
    expect(await runDemo(dashboard(() => Promise.resolve(["▌CODEX", "", " q quit"])))).toBe(1);
    expect(printed).toContain("No card arrived at the stand-in Discord.\n");
    expect(printed).toEndWith("\n\n▌CODEX\n\n q quit\n");
  });
});

describe("the demo's folder is gone", () => {
  const program = `
    import { openDemoHome } from ${JSON.stringify(join(import.meta.dir, "../../src/demo/home.ts"))};
    const [how] = process.argv.slice(1);
    openDemoHome("tidewatch", process.platform);
    if (how === "handled") process.on("SIGTERM", () => process.exit(7));
    console.log("open");
    if (how === "exit") process.exit(3);
    if (how === "throw") throw new Error("oops");
    setInterval(() => undefined, 1000);
  `;

  test.each([
    ["exit", undefined, { exitCode: 3, signalCode: null }],
    ["throw", undefined, { exitCode: 1, signalCode: null }],
    ["wait", "SIGINT", { exitCode: null, signalCode: "SIGINT" }],
    ["wait", "SIGQUIT", { exitCode: null, signalCode: "SIGQUIT" }],
    ["wait", "SIGTERM", { exitCode: null, signalCode: "SIGTERM" }],
    ["wait", "SIGHUP", { exitCode: null, signalCode: "SIGHUP" }],
    ["handled", "SIGTERM", { exitCode: 7, signalCode: null }],
  ] as const)("after %s %s", async (how, signal, end) => {
    const child = Bun.spawn([process.execPath, "-e", program, how], {
      env: { PATH: process.env["PATH"] ?? "", TMPDIR: temp },
      stdout: "pipe",
      stderr: "ignore",
    });
    await child.stdout.getReader().read();
    if (signal !== undefined) {
      expect(readdirSync(temp)).toHaveLength(1);
      child.kill(signal);
    }
    await child.exited;
    expect(child).toMatchObject(end);
    expect(readdirSync(temp)).toEqual([]);
  });
});
