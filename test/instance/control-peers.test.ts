import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { chownSync } from "node:fs";
import { dirname } from "node:path";
import { connectControl, distrustFolder, distrustSocket } from "../../src/instance/control.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Peer } from "../../src/lib/peer.ts";
import { waitFor } from "../support/wait-for.ts";
import { endAll, greeting, listening, raw, stillServes } from "./control-scene.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);
afterEach(endAll);

/** What the kernel says of this process itself. */
const known = { kind: "known", uid: process.getuid?.() ?? 0, pid: process.pid } as const;

test("another user is refused by the kernel's word, whatever the folder lets through", async () => {
  await using stage = new Stage();
  const heard = await listening(stage, {}, { whoIs: () => ({ ...known, uid: 4242 }) });
  const { socket, isClosed } = raw(heard.control.address.path);
  socket.write(greeting);
  await waitFor("the refusal", () => isClosed() || heard.channels.length > 0);
  expect(heard.channels).toEqual([]);
});

test.each<[string, Peer]>([
  ["a peer whose user the kernel does not say", { kind: "unknown" }],
  ["a peer in another pid namespace", { ...known, pid: undefined }],
  ["a peer that has ended", { ...known, pid: 2 ** 30 }],
])("%s is refused", async (_, peer) => {
  await using stage = new Stage();
  const heard = await listening(stage, {}, { whoIs: () => peer });
  const { socket, isClosed } = raw(heard.control.address.path);
  socket.write(greeting);
  await waitFor("the refusal", () => isClosed() || heard.channels.length > 0);
  expect(heard.channels).toEqual([]);
});

test.each<[string, Peer]>([
  ["another user's", { ...known, uid: known.uid + 1 }],
  ["nobody's that the kernel names", { kind: "unknown" }],
])("a publisher that is %s is told nothing", async (_, peer) => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const said: string[] = [];
  connectControl(
    heard.control.address,
    {
      opened: () => said.push("opened"),
      message: () => undefined,
      closed: (reason) => void said.push(reason),
    },
    systemClock,
    () => peer,
  );
  await waitFor("the refusal", () => said.length > 0);
  expect(said).toEqual(["the control socket is another user's"]);
});

test("a folder, a socket and a file that belong to another user are not trusted", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const { path } = heard.control.address;
  const other = known.uid + 1;
  expect(distrustFolder(dirname(path), 0)).toBeUndefined();
  expect(distrustFolder(dirname(path), 0, other)).toContain("is not ours alone");
  expect(distrustSocket(path)).toBeUndefined();
  expect(distrustSocket(path, other)).toContain("is not ours alone");
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(path, other, other);
  expect(distrustSocket(path)).toBe(isRoot ? `${path} is not ours` : undefined);
});

test("where the kernel names no peer the private folder is what guards", async () => {
  await using stage = new Stage();
  const heard = await listening(stage, {}, { whoIs: () => ({ kind: "unsupported" }) });
  await stillServes(heard);
  expect(heard.control.guard).toBe("private folder");
});
