import { expect, test } from "bun:test";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CardSources } from "../../src/cli/card-sources.ts";
import { checkConfig } from "../../src/config/check.ts";
import { type Composed, composeCard } from "../../src/presence/compose.ts";
import { noSessions, type SessionList } from "../../src/session/session-view.ts";
import { makeHome } from "../repository/folders.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("a link in a rule is followed again for each card that may name a file, else in one second", async () => {
  using home = makeHome();
  for (const name of ["one", "two"]) mkdirSync(join(home.path, name));
  const link = join(home.path, "link");
  symlinkSync("one", link);
  const clock = new FakeClock();
  const list: SessionList = {
    ...noSessions,
    sessions: [{ id: "a", places: undefined, activity: { kind: "idle" } } as never],
  };
  const watch = { freshen: () => Promise.resolve(), checkedAt: () => 0 };
  const { config } = checkConfig({ privacy: { rules: [{ path: link, level: "hidden" }] } });
  using sources = new CardSources({
    env: {},
    config: () => config,
    clock,
    watch: () => watch,
    list: () => list,
    onChange: () => undefined,
  });
  const { person } = sources;
  const moment = clock.monotonic();
  composeCard({ sessions: [], config, person, now: 0, moment });
  const card = { details: "x" } as Composed["card"];
  const plain: Composed = { card, level: "private", why: [], shown: 0, dueAt: undefined };
  const isStale = (composed: Composed, newsAt: number): boolean =>
    sources.staleIn(composed, newsAt) !== undefined;
  const real = (): unknown => sources.person.links?.of(link);
  await sources.freshen([]);
  expect(real()).toEqual({ kind: "known", value: [join(home.path, "one")] });
  expect(isStale(plain, moment + 900)).toBe(false);
  expect(isStale(plain, moment + 901)).toBe(true);
  expect(isStale({ ...plain, namesFiles: true }, moment)).toBe(false);
  expect(isStale({ ...plain, namesFiles: true }, moment + 1)).toBe(true);
  expect(isStale({ ...plain, card: undefined }, moment + 10_000)).toBe(false);

  symlinkSync("two", `${link}.new`);
  renameSync(`${link}.new`, link);
  clock.advance(1);
  await sources.freshen([]);
  expect(real()).toEqual({ kind: "known", value: [join(home.path, "two")] });
  expect(isStale({ ...plain, namesFiles: true }, moment + 1)).toBe(false);
});
