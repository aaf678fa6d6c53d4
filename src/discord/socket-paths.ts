/** A place where a Discord client may listen, and which client the path speaks of. */
export interface SocketPlace {
  readonly path: string;
  /** `stable`, `ptb`, `canary`, `vesktop` …; `discord` where the path does not tell. */
  readonly client: string;
  /** Another user whose socket this is, where the person has named the path themselves. */
  readonly owner?: number;
}

export interface SocketSearch {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Our own user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** Names in a directory; empty when it cannot be read. */
  list(directory: string): readonly string[];
}

/** Discord listens on the first free number of ten, whatever the platform. */
const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const snaps = ["snap.discord", "snap.discord-ptb", "snap.discord-canary"];
const pipeRoot = "\\\\?\\pipe\\";
/** More application ids than any desktop runs at once: a crowded folder must not cost time. */
const maxIds = 64;

/**
 * Every place worth a look, best first, without duplicates. It is the union of what the variables
 * name, since Discord's environment need not be ours (ssh, sudo, tmux, macOS with
 * XDG_RUNTIME_DIR). `CDP_DISCORD_SOCKET` replaces the search.
 */
export function socketPlaces(search: SocketSearch): readonly SocketPlace[] {
  const named = search.env["CDP_DISCORD_SOCKET"];
  if (named !== undefined && named !== "") return [{ path: named, client: "named" }];
  if (search.platform === "win32") return pipes(search);
  const runtime = runtimeFolders(search);
  const temporary = directories([
    search.env["TMPDIR"],
    search.env["TMP"],
    search.env["TEMP"],
    "/tmp",
  ]);
  const plain = directories([...runtime, ...temporary]).flatMap((base) => ten(base, "discord"));
  const packaged = search.platform === "linux" ? runtime.flatMap((at) => packages(at, search)) : [];
  return unique([...plain, ...packaged]);
}

/** The folders whose names `socketPlaces` asks for. */
export function foldersToList(search: Omit<SocketSearch, "list">): readonly string[] {
  if (isNamed(search.env)) return [];
  if (search.platform === "win32") return [pipeRoot];
  if (search.platform !== "linux") return [];
  return runtimeFolders(search).flatMap((base) => [base, `${base}/app`, `${base}/.flatpak`]);
}

function isNamed(env: SocketSearch["env"]): boolean {
  const named = env["CDP_DISCORD_SOCKET"];
  return named !== undefined && named !== "";
}

function runtimeFolders({ env, uid }: Omit<SocketSearch, "list">): readonly string[] {
  return directories([env["XDG_RUNTIME_DIR"], uid === undefined ? undefined : `/run/user/${uid}`]);
}

/** Whether the path alone says whose it is; a plain socket may be any client's. */
export function tellsClient({ client }: SocketPlace): boolean {
  return client !== "discord" && client !== "named";
}

/** The client that a Flatpak application id or a snap's folder belongs to. */
export function clientOf(id: string): string {
  const name = (id.split(".").at(-1) ?? id).toLowerCase();
  if (!name.startsWith("discord")) return name;
  const edition = name.slice("discord".length).replace(/^-/, "");
  return edition === "" ? "stable" : edition;
}

function packages(base: string, search: SocketSearch): readonly SocketPlace[] {
  const names = search.list(base).filter((name) => name.startsWith("snap."));
  const snapNames = [...new Set([...snaps, ...names])].slice(0, maxIds);
  return [
    ...ids(`${base}/app`, search).flatMap((id) => ten(`${base}/app/${id}`, clientOf(id))),
    ...ids(`${base}/.flatpak`, search).flatMap((id) =>
      ten(`${base}/.flatpak/${id}/xdg-run`, clientOf(id)),
    ),
    ...snapNames.flatMap((name) => ten(`${base}/${name}`, clientOf(name))),
  ];
}

/** Application ids in a folder, those of Discord itself first. */
function ids(directory: string, search: SocketSearch): readonly string[] {
  const found = search.list(directory).filter((name) => name.includes("."));
  const own = found.filter((name) => name.startsWith("com.discordapp."));
  return [...new Set([...own.toSorted(), ...found.toSorted()])].slice(0, maxIds);
}

function pipes(search: SocketSearch): readonly SocketPlace[] {
  const known = search.list(pipeRoot);
  return numbers
    .map((number) => `discord-ipc-${number}`)
    .filter((name) => known.length === 0 || known.includes(name))
    .map((name) => ({ path: `${pipeRoot}${name}`, client: "discord" }));
}

function ten(directory: string, client: string): readonly SocketPlace[] {
  return numbers.map((number) => ({ path: `${directory}/discord-ipc-${number}`, client }));
}

/** Absolute directories without trailing slashes, each once; empty and relative values fall out. */
function directories(values: readonly (string | undefined)[]): readonly string[] {
  const clean = values.flatMap((value) =>
    value?.startsWith("/") === true ? [value.replace(/\/+$/, "")] : [],
  );
  return [...new Set(clean)];
}

function unique(places: readonly SocketPlace[]): readonly SocketPlace[] {
  return [...new Map(places.map((place) => [place.path, place])).values()];
}
