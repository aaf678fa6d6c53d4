import { CString, dlopen, read } from "bun:ffi";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";

/**
 * The home folders of the person who runs this program: the account's (passwd), and what `$HOME`
 * says, where that is another. `os.userInfo()` of the runtime knows `$HOME` alone.
 */
export function homeFolders(): readonly string[] {
  const account = attempt(() => passwdHome(readFileSync("/etc/passwd", "utf8"), uid()));
  const homes = [account ?? attempt(libraryHome), attempt(homedir), process.env["HOME"]];
  return [...new Set(homes.filter((home): home is string => home !== undefined && home !== ""))];
}

/** The home of a user in the text of `/etc/passwd`; see passwd(5). */
export function passwdHome(text: string, user: number | undefined): string | undefined {
  const entry = text.split("\n").find((line) => line.split(":")[2] === String(user));
  const home = entry?.split(":")[5];
  return home === undefined || !home.startsWith("/") ? undefined : home;
}

function uid(): number | undefined {
  return process.getuid?.();
}

/** Bytes before `pw_dir` in `struct passwd`: two pointers, two ids, then what each system has. */
const homeOffset: Partial<Record<NodeJS.Platform, number>> = { linux: 32, darwin: 48 };
const libraries: Partial<Record<NodeJS.Platform, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.dylib",
};

/** By getpwuid(3), for users that are not in the file: macOS, LDAP. */
function libraryHome(): string | undefined {
  const [offset, library] = [homeOffset[process.platform], libraries[process.platform]];
  const id = uid();
  if (offset === undefined || library === undefined || id === undefined) return undefined;
  const { symbols } = dlopen(library, { getpwuid: { args: ["u32"], returns: "ptr" } });
  const entry = symbols.getpwuid(id);
  const home = entry === null ? 0 : read.ptr(entry, offset);
  // A text of its own: the runtime's class is no plain string.
  return home === 0 ? undefined : new CString(home).slice(0);
}

function attempt<Value>(ask: () => Value): Value | undefined {
  try {
    return ask();
  } catch {
    return undefined; // No such file or library here: then there is nothing that it could tell.
  }
}
