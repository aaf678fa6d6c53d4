import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { seeProcess } from "../../src/instance/identity.ts";
import { codexBinary, makeCodexHome } from "../support/codex-home.ts";
import { codexUser } from "../support/codex-user.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { startModelService } from "../support/model-service.ts";
import { metadataName, namedIn, nothingLeft, OneHome } from "../support/one-home.ts";
import { descendantsOf, stateOf } from "../support/processes.ts";
import { type Spawned, spawned } from "../support/spawned.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(120_000);

// The compiled program, many times at once, for one home: one of them has a connection to Discord.

/** Two samples: the old connection's end and the new one's begin may be seen in either order. */
const changeOfHandsMs = 10;

test("50 starts at once: one connection at every moment, one publisher left, every Codex untouched", async () => {
  await using home = await OneHome.open(cdp);
  const wrappers = Array.from({ length: 30 }, () => home.wrapper());
  const publishers = Array.from({ length: 20 }, () => home.headless());
  const over = (): readonly Spawned[] => publishers.filter((each) => each.ended());
  await waitFor("the last one to win", () => over().length === 19, 60_000);
  const last = publishers.find((each) => !each.ended())!;
  await waitFor("its metadata", () => home.named === last.pid);
  await waitFor("its connection", () => home.discord.open === 1);
  expect(await home.status()).toEqual({ code: 0, state: "running", pid: last.pid });
  for (const each of over()) expect([await each.exited, each.errors()]).toEqual([0, ""]);
  expect(wrappers.filter((each) => each.ended())).toEqual([]);

  last.signal("SIGTERM");
  expect(await last.exited).toBe(0);
  await waitFor("a wrapper to take the role", () => wrappers.some(({ pid }) => pid === home.named));
  await waitFor("its connection to Discord", () => home.discord.open === 1);
  for (const each of wrappers) each.tell("end");
  for (const each of wrappers) expect([await each.exited, each.errors()]).toEqual([7, ""]);
  expect(home.longestOverlapMs).toBeLessThanOrEqual(changeOfHandsMs);
  await waitFor("the last connection's end", () => home.discord.open === 0);
  expect(home.left).toEqual(nothingLeft);
});

test("ten `cdp codex` are one connection, also while they end one after the other", async () => {
  await using home = await OneHome.open(cdp);
  const wrappers = Array.from({ length: 10 }, () => home.wrapper());
  await waitFor("a card", () => home.discord.visible !== undefined);
  expect(home.discord.accepted).toBe(1);
  const left = new Set(wrappers);
  while (left.size > 1) {
    const publisher = [...left].find(({ pid }) => pid === home.named)!;
    publisher.tell("end");
    left.delete(publisher);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await publisher.exited).toBe(7);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await waitFor("the next", () => [...left].some(({ pid }) => pid === home.named));
  }
  await waitFor("its connection", () => home.discord.open === 1);
  for (const each of left) each.tell("end");
  for (const each of left) expect(await each.exited).toBe(7);
  expect(home.longestOverlapMs).toBeLessThanOrEqual(changeOfHandsMs);
  expect(home.left).toEqual(nothingLeft);
});

test("100 `cdp status` in parallel with takeovers: no wrong answer", async () => {
  await using home = await OneHome.open(cdp);
  const ends = new Map<number, number>();
  const start = (): Spawned => {
    const child = home.headless();
    ends.set(child.pid, Infinity);
    void child.exited.then(() => ends.set(child.pid, performance.now()));
    return child;
  };
  let current = start();
  await waitFor("the first", () => home.named === current.pid);
  let asked = 0;
  const wrong: unknown[] = [];
  const ask = async (): Promise<void> => {
    while (asked < 100) {
      asked += 1;
      const from = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- eight at a time, one after the other each
      const told = await home.status();
      // A pid may be unknown for a moment; one that had ended before the question is wrong.
      const known = told.pid === null || (ends.get(told.pid) ?? 0) >= from;
      if (told.state !== "running" || told.code !== 0 || !known) wrong.push(told);
    }
  };
  const asking = Promise.all(Array.from({ length: 8 }, ask));
  let takeovers = 0;
  while (asked < 100) {
    const next = start();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await waitFor("a takeover", () => home.named === next.pid, 20_000);
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect(await current.exited).toBe(0);
    current = next;
    takeovers += 1;
  }
  await asking;
  expect(wrong).toEqual([]);
  expect(takeovers).toBeGreaterThan(3);
  expect(home.longestOverlapMs).toBeLessThanOrEqual(changeOfHandsMs);
});

test("wrapper to dashboard and back: its Codex goes on, and the card on the same timer", async () => {
  await using home = await OneHome.open(cdp);
  const wrapper = home.wrapper();
  const timer = (): unknown =>
    (home.discord.visible?.["timestamps"] as { start?: number } | undefined)?.start;
  await waitFor("its card", () => timer() !== undefined);
  const began = timer();
  const dashboard = home.dashboard();
  await waitFor("the dashboard's role", () => home.named === dashboard.pid);
  expect(wrapper.ended()).toBe(false);
  await waitFor("the wrapper's session on the dashboard's card", () => timer() === began, 30_000);
  expect(home.discord.open).toBe(1);
  dashboard.type("q");
  expect(await dashboard.exited).toEqual({ code: 0 });
  await waitFor("the role back", () => home.named === wrapper.pid);
  await waitFor("the same card", () => timer() === began, 30_000);
  wrapper.tell("end");
  expect([await wrapper.exited, wrapper.errors()]).toEqual([7, ""]);
  expect(home.longestOverlapMs).toBeLessThanOrEqual(changeOfHandsMs);
  expect(home.left).toEqual(nothingLeft);
});

test.each(["a wrapper", "a headless publisher"])(
  "%s that is stopped is named, waited for, never signalled, and hands over once it continues",
  async (what) => {
    await using home = await OneHome.open(cdp);
    const first = what === "a wrapper" ? home.wrapper() : home.headless();
    await waitFor("its connection", () => home.discord.open === 1);
    first.signal("SIGSTOP");
    await waitFor("the stop", () => stateOf(first.pid) === "T");
    const dashboard = home.dashboard();
    await dashboard.waitForText(new RegExp(`process ${first.pid} holds the role but is stopped`));
    expect(await home.status()).toEqual({ code: 0, state: "running", pid: first.pid });
    // Another wrapper gives it 2 s, as long as a silent dashboard has before it is terminated.
    const pane = home.pane();
    await pane.waitForText(/the card waits: process \d+ holds the role but is stopped/);
    expect(stateOf(first.pid)).toBe("T");
    first.signal("SIGCONT");
    await waitFor("the role", () => home.named === dashboard.pid);
    await pane.waitUntil("no notice", () => !pane.screen().join("").includes("waits"));
    pane.press("enter");
    expect(await pane.exited).toEqual({ code: 7 });
    if (what === "a wrapper") {
      expect(first.ended()).toBe(false);
      first.tell("end");
    }
    expect(await first.exited).toBe(what === "a wrapper" ? 7 : 0);
    dashboard.type("q");
    expect(await dashboard.exited).toEqual({ code: 0 });
    expect(home.longestOverlapMs).toBeLessThanOrEqual(changeOfHandsMs);
    expect(home.left).toEqual(nothingLeft);
  },
);

test("a publisher that is stopped and then killed: the one that waits has the role", async () => {
  await using home = await OneHome.open(cdp);
  const first = home.dashboard();
  await waitFor("its connection", () => home.discord.open === 1);
  first.signal("SIGSTOP");
  await waitFor("the stop", () => stateOf(first.pid) === "T");
  const second = home.dashboard();
  await second.waitForText(new RegExp(`process ${first.pid} holds the role but is stopped`));
  first.signal("SIGKILL");
  await waitFor("the role", () => home.named === second.pid);
  second.type("q");
  expect(await second.exited).toEqual({ code: 0 });
  expect(home.left).toEqual(nothingLeft);
});

test("the earlier tool is named and left alone; a wrapper waits and follows it", async () => {
  await using home = await OneHome.open(cdp);
  const program = resolve(import.meta.dir, "../support/rust-tool-child.ts");
  const tool = home.beside(process.execPath, program, home.path);
  await tool.said("held");
  const wrapper = home.wrapper();
  const headless = home.headless();
  expect(await headless.exited).toBe(1);
  expect(headless.errors()).toMatch(
    new RegExp(`^cdp: an earlier codex-discord-presence, process ${tool.pid}.*; end it first\n$`),
  );
  expect([tool.ended(), wrapper.ended()]).toEqual([false, false]);
  expect(home.discord.accepted).toBe(0);
  tool.signal("SIGKILL");
  await waitFor("the wrapper's role", () => home.named === wrapper.pid);
});

test.each(["another process by now", "the very process"])(
  "metadata of a dead publisher names a living process (%s): it survives",
  async (which) => {
    await using home = await OneHome.open(cdp);
    const innocent = home.beside("sleep", "600");
    const identity = which === "the very process" ? seeProcess(innocent.pid)!.identity : "boot:1";
    const metadata = { pid: innocent.pid, exe_path: cdp, identity, mode: "dashboard" };
    writeFileSync(join(home.path, metadataName), JSON.stringify(metadata));
    expect(await home.status()).toEqual({ code: 3, state: "not_running", pid: null });
    const publisher = home.headless();
    await waitFor("the role", () => home.named === publisher.pid);
    expect(innocent.ended()).toBe(false);
    publisher.signal("SIGTERM");
    expect(await publisher.exited).toBe(0);
    expect(innocent.ended()).toBe(false);
    expect(home.left).toEqual(nothingLeft);
  },
);

test("Ctrl-Z in the Codex that publishes: another one has the card until that ends", async () => {
  await using model = startModelService();
  using home = makeCodexHome({ modelUrl: model.url });
  const path = join(home.env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
  await using discord = await FakeDiscord.start({ path, limits: { connections: 10_000 } });
  const env = { ...home.env, CDP_CODEX_BIN: codexBinary(), PS1: "ready> ", HISTFILE: "/dev/null" };
  const command = ["/bin/sh", "-i"];
  await using terminal = openVirtualTerminal({ command, env, cwd: home.project });
  const user = codexUser(terminal, home.path);
  await terminal.waitForText(/ready>/);
  terminal.type(`"${cdp}" codex --no-daemon\r`);
  await user.ready();
  await discord.waitFor(({ visible }) => visible !== undefined, "a card");
  const first = namedIn(home.path)!;

  const child = join(home.env["HOME"]!, "child");
  writeFileSync(child, "#!/bin/sh\nread -r _\n", { mode: 0o755 });
  await using other = spawned([cdp, "codex", "exec"], { ...home.env, CDP_CODEX_BIN: child });
  const isThere = (): boolean => descendantsOf(other.pid).length > 0;
  await waitFor("the other one's child", isThere);
  terminal.press("ctrl+z");
  await terminal.waitForText(/Stopped/i);
  await waitFor("the other one's role", () => namedIn(home.path) === other.pid);
  await discord.waitFor(({ visible }) => visible !== undefined, "its card", 30_000);
  expect([stateOf(first), discord.open]).toEqual(["T", 1]);

  terminal.type("fg\r");
  await terminal.waitForText(/shortcuts/);
  expect([namedIn(home.path), discord.open]).toEqual([other.pid, 1]);
  other.tell("end");
  expect(await other.exited).toBe(0);
  await waitFor("the role again", () => namedIn(home.path) === first);
  await user.submit("/quit");
  await terminal.waitForText(/ready>\n*$/);
  await discord.waitFor(({ open }) => open === 0, "the end of the connection");
});
