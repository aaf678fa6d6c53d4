import { type Check, ok, warn } from "./check.ts";

/** Where this process runs, as far as that keeps it from Discord. */
export interface Surroundings {
  readonly wsl: boolean;
  readonly ssh: boolean;
  /** `docker`, `podman` …: what the container calls itself. */
  readonly container: string | undefined;
  /** The snap or Flatpak that this process is part of (a terminal or an editor). */
  readonly snap: string | undefined;
  readonly flatpak: string | undefined;
  readonly pid: number;
  /** Variables that the JavaScript runtime in this program acts on before the program's own code. */
  readonly runtimeVariables: readonly string[];
  /** Folder of this machine where a forwarded socket would be found. */
  readonly runtime: string;
}

/** How the machine is asked. Neither may throw. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
  /** The beginning of a small file; empty where there is none. */
  readonly read: (path: string) => string;
  readonly pid: number;
}

/** Recognises WSL, SSH, containers, snaps and Flatpaks by what each leaves in view. */
export function surroundingsOf({ env, exists, read, pid }: Machine): Surroundings {
  const set = (name: string): string | undefined => env[name] || undefined;
  const kernel = read("/proc/sys/kernel/osrelease");
  return {
    wsl: set("WSL_DISTRO_NAME") !== undefined || /microsoft|wsl/i.test(kernel),
    ssh: ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"].some((name) => set(name) !== undefined),
    container: containerOf(set, exists),
    snap: set("SNAP") === undefined ? undefined : (set("SNAP_NAME") ?? "a snap"),
    flatpak: set("FLATPAK_ID") ?? (exists("/.flatpak-info") ? "a Flatpak" : undefined),
    pid,
    runtimeVariables: ["BUN_OPTIONS", "BUN_BE_BUN"].filter((each) => set(each) !== undefined),
    runtime: set("XDG_RUNTIME_DIR") ?? "/tmp",
  };
}

function containerOf(
  set: (name: string) => string | undefined,
  exists: Machine["exists"],
): string | undefined {
  // Flatpak sets `container=flatpak` too, and is told by its own name.
  const named = set("container");
  if (named !== undefined && named !== "flatpak") return named;
  if (exists("/run/.containerenv")) return "podman";
  if (exists("/.dockerenv")) return "docker";
  if (set("KUBERNETES_SERVICE_HOST") !== undefined) return "kubernetes";
  return (set("CODESPACES") ?? set("REMOTE_CONTAINERS")) ? "dev container" : undefined;
}

const name = "surroundings";
/** Discord ignores the cards of processes below it (docs/discord.md). */
const lowestPid = 10;

/** What stands between this process and Discord; no trouble where Discord answers all the same. */
export function checkSurroundings(at: Surroundings, reached: boolean): readonly Check[] {
  const found = recognised(at);
  const checks = found.map(({ line, fix }) =>
    reached ? ok(name, `${line}; Discord is reached all the same`) : warn(name, line, fix),
  );
  if (at.pid < lowestPid) {
    const line = `process numbers begin anew in here (${at.pid}); Discord ignores those below 10`;
    checks.push(warn(name, line, "Start the container with `--pid=host`, or an init before cdp."));
  }
  if (checks.length > 0) return checks;
  return [ok(name, "this machine itself: no WSL, SSH, container, snap or Flatpak")];
}

/** docs/security.md: the compiled program is Bun, which has no switch against its own variables. */
export function checkRuntime({ runtimeVariables }: Surroundings): Check {
  if (runtimeVariables.length === 0) return ok("runtime", "no variable of Bun's is set");
  const [names, verb] = [
    runtimeVariables.join(" and "),
    runtimeVariables.length > 1 ? "are" : "is",
  ];
  const line = `${names} ${verb} set: the runtime in cdp (Bun) acts on it before cdp does`;
  const fix = `Unset it where cdp is started: \`unset ${runtimeVariables.join(" ")}\`.`;
  return warn("runtime", line, fix);
}

interface Found {
  readonly line: string;
  readonly fix: string;
}

function recognised({
  wsl,
  ssh,
  container,
  snap,
  flatpak,
  runtime,
}: Surroundings): readonly Found[] {
  const all: readonly (Found | false)[] = [
    wsl && {
      line: "WSL: Discord for Windows listens on a Windows pipe",
      fix:
        "Bridge it with npiperelay and socat (`socat UNIX-LISTEN:$XDG_RUNTIME_DIR/discord-ipc-0,fork " +
        'EXEC:"npiperelay.exe -ep -s //./pipe/discord-ipc-0",nofork`).',
    },
    ssh && {
      line: "SSH: Discord runs on the machine before you",
      fix: `Forward its socket: \`ssh -R ${runtime}/discord-ipc-0:$XDG_RUNTIME_DIR/discord-ipc-0 …\`, run there.`,
    },
    container !== undefined && {
      line: `container (${container}): Discord's socket is outside`,
      fix: "Mount it: `-v $XDG_RUNTIME_DIR/discord-ipc-0:/run/discord-ipc-0 -e CDP_DISCORD_SOCKET=/run/discord-ipc-0`.",
    },
    snap !== undefined && {
      line: `snap (${snap}): programs in it see little of the machine`,
      fix: "Run cdp in a terminal that is no snap.",
    },
    flatpak !== undefined && {
      line: `Flatpak (${flatpak}): programs in it do not see Discord's socket`,
      fix: `Allow it: \`flatpak override --user --filesystem=xdg-run/discord-ipc-0 ${flatpak.includes(".") ? flatpak : "APP"}\`.`,
    },
  ];
  return all.filter((each): each is Found => each !== false);
}
