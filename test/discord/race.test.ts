import { describe, expect, test } from "bun:test";
import { type Connection, defaultBounds } from "../../src/discord/connection.ts";
import { connectFirst, type Attempt } from "../../src/discord/race.ts";
import type { OpenWire, WireEnd, WireEvents } from "../../src/discord/wire.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const nobody: WireEnd = { kind: "lost", reason: "connect ENOENT", code: "ENOENT" };
const closed = (code: number, message: string): WireEnd => ({ kind: "closed", code, message });

/** Wires that do as they are told; `open` lists those that are neither ended nor closed. */
class Wires {
  readonly events = new Map<string, WireEvents>();
  readonly open: string[] = [];
  readonly tried: string[] = [];
  readonly clock = new FakeClock();
  readonly abort = new AbortController();
  outcome: Attempt | undefined;

  race(...names: readonly string[]): void {
    this.raceFor(() => true, ...names);
  }

  raceFor(wanted: (connection: Connection) => boolean, ...names: readonly string[]): void {
    void connectFirst({
      clientId: "1470480085453770854",
      places: names.map((path) => ({ path, client: "discord" })),
      open: this.#openWire,
      clock: this.clock,
      bounds: defaultBounds,
      opened: () => undefined,
      wanted,
      signal: this.abort.signal,
    }).then((outcome) => (this.outcome = outcome));
  }

  end(name: string, end: WireEnd): void {
    this.#forget(name);
    this.events.get(name)?.ended(end);
  }

  readonly #openWire: OpenWire = (_, { path }, events) => {
    this.events.set(path, events);
    this.open.push(path);
    this.tried.push(path);
    return {
      setActivity: () => Promise.resolve({ kind: "accepted" }),
      ping: () => undefined,
      close: () => this.#forget(path),
    };
  };

  #forget(name: string): void {
    const at = this.open.indexOf(name);
    if (at >= 0) this.open.splice(at, 1);
  }
}

describe("the next socket is tried", () => {
  test("at once when the last one fails", () => {
    const wires = new Wires();
    wires.race("a", "b");
    wires.end("a", nobody);
    expect(wires.tried).toEqual(["a", "b"]);
  });

  test("every 3 s, while those before stay open", () => {
    const wires = new Wires();
    wires.race("a", "b", "c");
    wires.clock.advance(2999);
    expect(wires.tried).toEqual(["a"]);
    wires.clock.advance(1);
    expect(wires.tried).toEqual(["a", "b"]);
    wires.clock.advance(3000);
    expect(wires.open).toEqual(["a", "b", "c"]);
  });

  test("no sooner because one that was passed over ends", () => {
    const wires = new Wires();
    wires.race("a", "b", "c");
    wires.clock.advance(3000);
    wires.end("a", nobody);
    expect(wires.tried).toEqual(["a", "b"]);
    wires.clock.advance(3000);
    expect(wires.tried).toEqual(["a", "b", "c"]);
  });
});

describe("the end of the race", () => {
  test("the first READY wins, also from the one that was passed over; the others are closed", async () => {
    const wires = new Wires();
    wires.race("a", "b");
    wires.clock.advance(3000);
    wires.events.get("a")?.ready("canary");
    await settle();
    expect(wires.open).toEqual(["a"]);
    expect(wires.outcome?.kind === "connected" ? wires.outcome.connection.client : "").toBe(
      "canary",
    );
    expect(wires.clock.pending).toBe(1); // The winner's heartbeat.
  });

  test("one that is not wanted is closed when it says READY, and the next one wins", async () => {
    const wires = new Wires();
    wires.raceFor(({ client }) => client === "canary", "a", "b");
    wires.events.get("a")?.ready("stable");
    await settle();
    expect([wires.open, wires.outcome]).toEqual([["b"], undefined]);
    wires.events.get("b")?.ready("canary");
    await settle();
    expect(wires.outcome?.kind).toBe("connected");
  });

  test("90 s without READY: all are closed, and no timer is left", async () => {
    const wires = new Wires();
    wires.race("a", "b");
    wires.clock.advance(90_000);
    await settle();
    expect(wires.outcome).toEqual({ kind: "failed", reason: "no READY from Discord in 90000 ms" });
    expect([wires.open.length, wires.clock.pending]).toEqual([0, 0]);
  });

  test("given up: all are closed, and no timer is left", async () => {
    const wires = new Wires();
    wires.race("a", "b");
    wires.clock.advance(4000);
    wires.abort.abort();
    await settle();
    expect(wires.outcome).toEqual({ kind: "failed", reason: "given up" });
    expect([wires.open.length, wires.clock.pending]).toEqual([0, 0]);
  });

  test("a READY after the end changes nothing", async () => {
    const wires = new Wires();
    wires.race("a");
    wires.clock.advance(90_000);
    wires.events.get("a")?.ready("stable");
    await settle();
    expect(wires.outcome?.kind).toBe("failed");
    expect(wires.clock.pending).toBe(0);
  });
});

describe("what several failures mean together", () => {
  const refused = { kind: "refused", reason: "Discord refused the client id (4000 Invalid)" };
  const cases: readonly (readonly [string, readonly WireEnd[], unknown])[] = [
    ["nobody anywhere", [nobody, nobody], { kind: "absent", reason: "nobody listens at 0" }],
    ["one refuses the id", [nobody, closed(4000, "Invalid")], refused],
    [
      "one asks for a pause",
      [nobody, closed(4002, "")],
      { kind: "limited", reason: "Discord asks for a pause" },
    ],
    ["refusal beats pause", [closed(4002, ""), closed(4000, "Invalid")], refused],
    ["another close", [closed(1003, "no")], { kind: "failed", reason: "0: 1003 no" }],
    [
      "a door that is closed tells more than nobody",
      [nobody, { kind: "lost", reason: "connect EACCES", code: "EACCES" }],
      { kind: "failed", reason: "1: connect EACCES" },
    ],
  ];
  test.each([...cases])("%s", async (_, ends, expected) => {
    const wires = new Wires();
    wires.race(...ends.keys().map(String));
    for (const [at, end] of ends.entries()) wires.end(String(at), end);
    await settle();
    const outcome: unknown = wires.outcome;
    expect(outcome).toEqual(expected);
  });
});
