import { describe, expect, test } from "bun:test";
import { checkDiscord, type DiscordFacts, type Handshake } from "../../src/doctor/discord.ts";
import {
  checkSurroundings,
  type Machine,
  type Surroundings,
  surroundingsOf,
} from "../../src/doctor/surroundings.ts";

const none: DiscordFacts = {
  clientId: "1470480085453770854",
  choice: { kind: "first" },
  places: [],
  publisher: undefined,
  named: undefined,
  starters: [],
};
const place = (
  handshake: Handshake | Handshake["kind"],
  verdict: DiscordFacts["places"][number]["verdict"] = "usable",
  path = "/run/user/1/discord-ipc-0",
) => ({
  path,
  client: "discord",
  verdict,
  handshake:
    typeof handshake === "object"
      ? handshake
      : handshake === "connected" || handshake === "untried"
        ? handshake === "connected"
          ? ({ kind: "connected", client: "stable" } as const)
          : ({ kind: "untried" } as const)
        : { kind: handshake, reason: "reason" },
});
const states = (facts: Partial<DiscordFacts>) =>
  checkDiscord({ ...none, ...facts }).map(({ name, state }) => `${name} ${state}`);

describe("another user's Discord", () => {
  test("that is named is warned of, connected or while a publisher runs", () => {
    for (const handshake of ["connected", "untried"] as const) {
      const places = [{ ...place(handshake), owner: 1001 }];
      const check = checkDiscord({ ...none, places }).find(({ name }) => name === "discord socket");
      expect(check?.state).toBe("warn");
      expect(check?.line).toContain("user 1001's, who sees the card");
      expect(check?.fix).toContain("CDP_DISCORD_SOCKET");
    }
  });

  test("that was found out after the connection was sent nothing", () => {
    const handshake = { kind: "foreign", reason: "user 1001 listens at /x" } as const;
    const check = checkDiscord({ ...none, places: [place(handshake)] })[1];
    expect(check).toMatchObject({ state: "warn", name: "discord socket" });
    expect(check?.line).toContain("user 1001 listens at /x: nothing was sent");
  });

  test("on a disk that does not answer: the place is named", () => {
    const places = [place("untried", "unanswered", "/mnt/hang")];
    const check = checkDiscord({ ...none, places })[1];
    expect(check).toMatchObject({
      state: "warn",
      line: "the disk of /mnt/hang does not answer",
    });
  });
});

describe("discord", () => {
  test.each<[DiscordFacts["choice"], string, string]>([
    [{ kind: "first" }, "ok", "connected (stable); if no card"],
    [{ kind: "all" }, "ok", "connected (stable, canary); if no card"],
    [{ kind: "edition", edition: "canary" }, "ok", "connected (canary); if no card"],
    [
      { kind: "edition", edition: "ptb" },
      "fail",
      "ptb is not running (display.discord), only stable, canary",
    ],
  ])("of two, %j", (choice, state, line) => {
    const canary = { kind: "connected", client: "canary" } as const;
    const places = [place("connected"), place(canary, "usable", "/run/user/1/discord-ipc-1")];
    const [check] = checkDiscord({ ...none, places, choice });
    expect(check).toMatchObject({ name: "discord", state });
    expect(check?.line).toStartWith(line);
  });

  test.each<[string, Partial<DiscordFacts>, string[]]>([
    [
      "connected",
      { places: [place("connected")] },
      ["discord ok", "discord socket ok", "client id ok"],
    ],
    ["not running", {}, ["discord fail"]],
    ["crashed", { places: [place("absent")] }, ["discord fail", "discord socket warn"]],
    ["hung", { places: [place("silent")] }, ["discord fail", "discord socket fail"]],
    [
      "one hung, another well",
      { places: [place("silent"), place("connected")] },
      ["discord ok", "discord socket warn", "discord socket ok", "client id ok"],
    ],
    ["asking for a pause", { places: [place("limited")] }, ["discord fail", "discord socket fail"]],
    ["speaking nonsense", { places: [place("failed")] }, ["discord fail", "discord socket fail"]],
    [
      "a client id it does not know",
      { places: [place("refused")] },
      ["discord fail", "discord socket fail", "client id fail"],
    ],
    [
      "sockets that are not to be trusted",
      {
        places: [
          place("untried", "foreign"),
          place("untried", "not a socket"),
          place("untried", "unreadable"),
        ],
      },
      ["discord fail", "discord socket warn", "discord socket warn", "discord socket warn"],
    ],
    [
      "a publisher that is connected: nothing is tried beside it",
      { publisher: { discord: "connected", reason: "" }, places: [place("untried")] },
      ["discord ok", "discord socket ok", "client id ok"],
    ],
    [
      "a publisher that waits",
      { publisher: { discord: "connecting", reason: "" } },
      ["discord warn"],
    ],
    [
      "a publisher without Discord",
      { publisher: { discord: "absent", reason: "" } },
      ["discord fail"],
    ],
    [
      "a publisher that was refused",
      { publisher: { discord: "refused", reason: "4000" } },
      ["discord fail", "client id fail"],
    ],
    ["a publisher that says nothing", { publisher: "silent" }, ["discord warn"]],
    ["a wrong CDP_DISCORD_SOCKET", { named: "/nowhere" }, ["discord fail"]],
  ])("%s", (_, facts, expected) => {
    expect(states(facts)).toEqual(expected);
  });

  test("the one thing that Discord does not tell is said", () => {
    const [check] = checkDiscord({ ...none, places: [place("connected")] });
    expect(check!.line).toStartWith("connected (stable); if no card shows");
  });

  test("every place is named, and how it is packaged", () => {
    const snap = "/run/user/1/snap.discord/discord-ipc-0";
    const flatpak = "/run/user/1/app/com.discordapp.Discord/discord-ipc-0";
    const places = [place("connected", "usable", snap), place("absent", "usable", flatpak)];
    const lines = checkDiscord({ ...none, places }).map(({ line }) => line);
    expect(lines.slice(1, 3)).toEqual([
      `${snap} (Snap): stable`,
      `${flatpak} (Flatpak): nobody listens`,
    ]);
  });

  test("the fix names the Discord that is installed, or the variable that leads astray", () => {
    const start = "flatpak run com.discordapp.Discord";
    expect(checkDiscord({ ...none, starters: [start] })[0]!.fix).toContain(start);
    expect(checkDiscord({ ...none, named: "/x" })[0]!.line).toContain("/x (CDP_DISCORD_SOCKET)");
  });
});

describe("surroundings", () => {
  const plain: Machine = { env: {}, exists: () => false, read: () => "6.8.0-generic", pid: 4711 };
  const seen = (of: Partial<Machine>, reached = false) =>
    checkSurroundings(surroundingsOf({ ...plain, ...of }), reached);

  test("a plain machine", () => {
    expect(seen({})).toEqual([
      {
        name: "surroundings",
        state: "ok",
        line: "this machine itself: no WSL, SSH, container, snap or Flatpak",
      },
    ]);
  });

  test.each<[keyof Surroundings, Partial<Machine>, string, string]>([
    ["wsl", { env: { WSL_DISTRO_NAME: "Debian" } }, "WSL", "npiperelay"],
    ["wsl", { read: () => "5.15.1-microsoft-standard-WSL2" }, "WSL", "npiperelay"],
    ["ssh", { env: { SSH_CONNECTION: "1 2 3 4" } }, "SSH", "ssh -R /tmp/discord-ipc-0:"],
    ["container", { exists: (path) => path === "/.dockerenv" }, "docker", "-v "],
    ["container", { exists: (path) => path === "/run/.containerenv" }, "podman", "-v "],
    ["container", { env: { container: "lxc" } }, "lxc", "-v "],
    ["container", { env: { CODESPACES: "true" } }, "dev container", "-v "],
    ["container", { env: { KUBERNETES_SERVICE_HOST: "10.0.0.1" } }, "kubernetes", "-v "],
    ["snap", { env: { SNAP: "/snap/code/1", SNAP_NAME: "code" } }, "snap (code)", "no snap"],
    [
      "flatpak",
      { env: { FLATPAK_ID: "com.visualstudio.code", container: "flatpak" } },
      "com.visualstudio.code",
      "flatpak override --user --filesystem=xdg-run/discord-ipc-0 com.visualstudio.code",
    ],
    ["flatpak", { exists: (path) => path === "/.flatpak-info" }, "a Flatpak", "override"],
  ])("%s %j", (_, machine, line, fix) => {
    const checks = seen(machine);
    expect(checks).toHaveLength(1);
    expect(checks[0]!.state).toBe("warn");
    expect(checks[0]!.line).toContain(line);
    expect(checks[0]!.fix).toContain(fix);
    expect(seen(machine, true)[0]!.state).toBe("ok");
  });

  test("a process number that Discord ignores", () => {
    const checks = seen({ pid: 7, exists: (path) => path === "/.dockerenv" }, true);
    expect(checks.map(({ state }) => state)).toEqual(["ok", "warn"]);
  });
});
