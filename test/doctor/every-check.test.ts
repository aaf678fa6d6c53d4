import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nothingMet } from "../../src/codex/met.ts";
import { defaultConfig } from "../../src/config/schema.ts";
import type { Check } from "../../src/doctor/check.ts";
import { diagnose, type Facts } from "../../src/doctor/doctor.ts";
import { surroundingsOf } from "../../src/doctor/surroundings.ts";

const well: Facts = {
  codex: { kind: "found", path: "/codex", said: { kind: "version", text: "codex-cli 0.169.0" } },
  pty: { wanted: undefined, platform: "linux", addon: true },
  git: { kind: "ready", path: "/usr/bin/git", version: "2.39" },
  terminal: {
    size: { rows: 40, cols: 120 },
    term: "xterm-256color",
    unicode: true,
    colours: "24-bit",
    multiplexer: undefined,
    pane: "stands",
  },
  home: {
    home: { ok: true, path: "/h/.codex" },
    unwritable: undefined,
    watch: "watching",
    remote: undefined,
    met: nothingMet,
  },
  config: configured({ buttons: [{ label: "Page", url: "https://example.org" }] }),
  instance: {
    state: { kind: "notRunning", problem: undefined },
    metadata: { kind: "none" },
    metadataLives: false,
    leftovers: [],
    silent: undefined,
    version: "1.0.0",
  },
  discord: {
    choice: { kind: "first" },
    clientId: "1470480085453770854",
    places: [socket({ kind: "connected", client: "stable" })],
    publisher: undefined,
    named: undefined,
    starters: [],
  },
  surroundings: surroundingsOf({ env: {}, exists: () => false, read: () => "", pid: 4711 }),
};

function configured(display: Partial<(typeof defaultConfig)["display"]>): Facts["config"] {
  const config = { ...defaultConfig, display: { ...defaultConfig.display, ...display } };
  return { path: "/h/config.json", loaded: { config, problems: [], source: "file" } };
}

type Handshake = Facts["discord"]["places"][number]["handshake"];

function socket(handshake: Handshake): Facts["discord"]["places"][number] {
  return { path: "/run/discord-ipc-0", client: "discord", verdict: "usable", handshake };
}

const refused = {
  ...well.discord,
  places: [socket({ kind: "refused", reason: "4000 Invalid Client ID" })],
};
const broken = { ...well.config!, loaded: { ...well.config!.loaded, problems: ["line 1: no"] } };

/** Each check, and facts with which it is not well. */
const ill: Readonly<Record<string, Partial<Facts>>> = {
  codex: { codex: { kind: "missing", problem: "Codex was not found. Install it." } },
  "codex signals": {
    codex: { ...well.codex, said: { kind: "version", text: "0.130.0" } } as never,
  },
  pty: { pty: { ...well.pty, addon: false } },
  git: { git: { kind: "absent" } },
  terminal: { terminal: { ...well.terminal, unicode: false } },
  pane: { terminal: { ...well.terminal, pane: "tooSmall" } },
  "codex home": { home: { ...well.home, unwritable: "EROFS" } },
  watches: { home: { ...well.home, watch: "polling" } },
  rollouts: { home: { ...well.home, met: { ...nothingMet, broken: 1 } } },
  config: { config: broken },
  privacy: { config: configured({ paused: true }) },
  templates: { config: configured({ details: "{aktivity}" }) },
  buttons: { config: configured({ buttons: [{ label: "", url: "javascript:alert(1)" }] }) },
  instance: { instance: { ...well.instance!, state: { kind: "notRunning", problem: "no locks" } } },
  leftovers: { instance: { ...well.instance!, leftovers: ["/run/control-9"] } },
  discord: { discord: { ...well.discord, places: [] } },
  "discord socket": { discord: refused },
  "client id": { discord: refused },
  surroundings: { surroundings: { ...well.surroundings, pid: 7 } },
  runtime: { surroundings: { ...well.surroundings, runtimeVariables: ["BUN_OPTIONS"] } },
};

/** What the sources name a check: the first argument of `ok`, `warn` and `fail`. */
function namesInSources(): readonly string[] {
  const folder = join(import.meta.dir, "../../src/doctor");
  const found = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const constants = new Map(
      [...text.matchAll(/const (\w*[nN]ame) = "([^"]+)";/g)].map(([, id, name]) => [id!, name!]),
    );
    const calls = text.matchAll(/\b(?:ok|warn|fail|\(works \? warn : fail\))\(\s*("[^"]+"|\w+),/g);
    return [...calls].flatMap(([, first]) =>
      first!.startsWith('"') ? [first!.slice(1, -1)] : (constants.get(first!) ?? []),
    );
  });
  return [...new Set(found)].toSorted();
}

const isIll = ({ state }: Check): boolean => state !== "ok";

test("every check that the sources name has facts here with which it fails", () => {
  expect(namesInSources()).toEqual(Object.keys(ill).toSorted());
});

test("on a machine where all is well every check says so", () => {
  const checks = diagnose(well);
  expect(checks.filter(isIll)).toEqual([]);
  expect([...new Set(checks.map(({ name }) => name))].toSorted()).toEqual(
    Object.keys(ill).toSorted(),
  );
});

test.each(Object.entries(ill))("%s fails, in one line, with a fix", (name, facts) => {
  const failed = diagnose({ ...well, ...facts }).filter(
    (check) => check.name === name && isIll(check),
  );
  expect(failed.length).toBeGreaterThan(0);
  for (const { line, fix } of failed) {
    expect(line).toMatch(/^[^\n]{4,}$/);
    expect(line).not.toContain("itself failed");
    expect(fix).toMatch(/^[^\n]{8,}$/);
  }
});
