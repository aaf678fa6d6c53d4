import { expect, test } from "bun:test";
import type { Choice } from "../../src/discord/choice.ts";
import { Connection, defaultBounds } from "../../src/discord/connection.ts";
import { Link, type LinkOptions, type LinkStatus } from "../../src/discord/link.ts";
import type { Attempt } from "../../src/discord/race.ts";
import type { FoundSocket, Verdict } from "../../src/discord/search.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

/** A link whose attempts to connect end when the test says so. */
class Scene {
  readonly clock = new FakeClock();
  readonly statuses: (readonly [LinkStatus, string])[] = [];
  readonly connected: Connection[] = [];
  readonly attempts: {
    readonly options: Parameters<LinkOptions["connect"]>[0];
    readonly end: (attempt: Attempt) => void;
  }[] = [];
  readonly closed: string[] = [];
  readonly link: Link;

  constructor(found: Readonly<Record<string, Verdict>>, choice?: Choice) {
    this.link = new Link({
      clientId: "1470480085453770854",
      clock: this.clock,
      random: () => 0,
      find: () =>
        Promise.resolve(Object.entries(found).map(([path, verdict]) => at(path, verdict))),
      connect: (options) =>
        new Promise((end) => {
          this.attempts.push({ options, end });
        }),
      ...(choice === undefined ? {} : { choice }),
      onStatus: (status, reason) => void this.statuses.push([status, reason]),
      onConnected: (connection) => void this.connected.push(connection),
    });
    this.link.start();
  }

  /** A connection at this place whose Discord calls itself so. */
  ready(path: string, edition: string): Connection {
    let said: (edition: string) => void = () => undefined;
    const connection = new Connection({
      open: (_, _place, events) => {
        said = (name) => events.ready(name);
        return {
          setActivity: () => Promise.resolve({ kind: "accepted" }),
          ping: () => undefined,
          close: () => void this.closed.push(path),
        };
      },
      clientId: "1470480085453770854",
      place: { path, client: "discord" },
      clock: this.clock,
      bounds: defaultBounds,
      events: { opened: () => undefined, ready: () => undefined, ended: () => undefined },
    });
    said(edition);
    return connection;
  }
}

const at = (path: string, verdict: Verdict): FoundSocket => ({
  place: { path, client: "discord" },
  identity: `identity of ${path}`,
  verdict,
});

test("only sockets of ours are connected to", async () => {
  const scene = new Scene({ "/a": "foreign", "/b": "unreadable", "/c": "usable", "/d": "foreign" });
  await settle();
  const tried = scene.attempts.map(({ options }) => options.places.map(({ path }) => path));
  expect(tried).toEqual([["/c"]]);
});

test("where all are another user's nothing is connected to, and the first is named", async () => {
  const scene = new Scene({ "/a": "foreign", "/b": "foreign" });
  await scene.clock.run(60_000);
  expect(scene.attempts).toEqual([]);
  expect(scene.statuses.at(-1)).toEqual(["absent", "/a belongs to another user"]);
});

test("another Discord than the chosen one is not wanted", async () => {
  const scene = new Scene({ "/a": "usable" }, { kind: "edition", edition: "canary" });
  await settle();
  const wanted = scene.attempts[0]?.options.wanted;
  expect(wanted?.(scene.ready("/a", "stable"))).toBe(false);
  expect(wanted?.(scene.ready("/a", "canary"))).toBe(true);
});

test("a connection that comes after the end is closed, and no card goes to it", async () => {
  const scene = new Scene({ "/a": "usable" });
  await settle();
  scene.link.stop();
  scene.attempts[0]?.end({ kind: "connected", connection: scene.ready("/a", "stable") });
  await settle();
  expect([scene.closed, scene.connected]).toEqual([["/a"], []]);
});
