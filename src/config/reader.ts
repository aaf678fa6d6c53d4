import { type BigIntStats, constants, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { diskLanes } from "../lib/disk-pool.ts";
import { codeOf, messageOf } from "../lib/errors.ts";
import { askHelper, type Helper } from "../lib/helper-process.ts";
import { diskAt } from "../lib/local-disk.ts";
import { maxBytes, type Place, readBytes, realPlace } from "./file.ts";

/**
 * What a config file is now. `print` changes when the file does; `place` is where its links lead,
 * where it is one. `refused`: there is one, and it could not be read; `why` is a few words.
 */
export type ConfigLook = { readonly print: string; readonly place?: Place | undefined } & (
  | { readonly kind: "same" }
  | { readonly kind: "absent" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly why: string }
);

/** Looks at one config file. Disposing gives up what was asked. */
export interface ConfigReader extends Disposable {
  /**
   * Never rejects, and pends as long as the disk does: calls during a look share it.
   *
   * @param print of the look before: where it is still right the answer is `same`
   */
  read(print?: string): Promise<ConfigLook>;
}

/**
 * Reads the file in its folder without blocking; what links lead to is a matter of another
 * process, since it may be a disk that never answers.
 */
export function openConfigReader(
  path: string,
  ask: typeof askHelper = askHelper,
  uid: number | undefined = process.getuid?.(),
): ConfigReader {
  let running: Promise<ConfigLook> | undefined;
  let helper: Helper | undefined;
  const look = async (print: string | undefined): Promise<ConfigLook> => {
    try {
      const near = await diskLanes().wait(diskAt(path), () => lookNear(path, print, uid));
      if (near !== undefined) return near;
      helper = ask(["config", path, ...(print === undefined ? [] : [print])]);
      return decoded(await helper.answer);
    } finally {
      running = undefined;
      helper = undefined;
    }
  };
  return {
    read: (print) => (running ??= look(print)),
    [Symbol.dispose]: () => helper?.[Symbol.dispose](),
  };
}

/** `undefined` for a link. */
async function lookNear(
  path: string,
  print: string | undefined,
  uid: number | undefined,
): Promise<ConfigLook | undefined> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  try {
    await using file = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const entry = await file.stat({ bigint: true });
    const now = printOf(entry);
    if (now === print) return { kind: "same", print: now };
    const objection = objectionTo(entry, uid);
    return objection ?? { kind: "bytes", print: now, bytes: await file.readFile() };
  } catch (error) {
    const code = codeOf(error);
    // Of open(2), with O_NOFOLLOW.
    if (code === "ELOOP") return undefined;
    if (code === "ENOENT") return { kind: "absent", print: code };
    return { kind: "refused", print: code ?? "unknown", why: messageOf(error) };
  }
}

/** A file of another user's says what they want; root may write everything anyway. */
function objectionTo(entry: BigIntStats, uid: number | undefined): ConfigLook | undefined {
  const refused = (why: string): ConfigLook => ({ kind: "refused", print: printOf(entry), why });
  if (!entry.isFile()) return refused("is not a regular file");
  const isTrusted = uid === undefined || entry.uid === 0n || entry.uid === BigInt(uid);
  if (!isTrusted) return refused("belongs to another user");
  return entry.size > maxBytes ? refused("is larger than 1 MB") : undefined;
}

/** Answers for a config that is a link, in a process of its own: it may take forever. */
export function lookThroughLinks(path: string, print: string | undefined): Uint8Array {
  const place = realPlace(path);
  try {
    const now = printOf(statSync(path, { bigint: true }));
    if (now === print) return encoded({ kind: "same", print: now, place });
    const bytes = readBytes(path);
    if (bytes === undefined) throw Object.assign(new Error(nowhere), { code: "ENOENT" });
    return encoded({ kind: "bytes", print: now, place, bytes });
  } catch (error) {
    const code = codeOf(error) ?? "unknown";
    const why = code === "ENOENT" ? nowhere : messageOf(error);
    return encoded({ kind: "refused", print: code, place, why });
  }
}

/** It says that there is a config: what that hides is not known. */
const nowhere = "is a link that leads nowhere";

function printOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

/** Five words, each ended by a NUL, which no path can hold; then the bytes of the file. */
function encoded(look: ConfigLook): Uint8Array {
  const { kind, print, place } = look;
  const why = kind === "refused" ? look.why : "";
  const words = [kind, print, why, place?.folder ?? "", place?.name ?? ""];
  const head = Buffer.from(words.map((word) => `${word}\0`).join(""));
  return Buffer.concat([head, ...(kind === "bytes" ? [look.bytes] : [])]);
}

function decoded(answer: Uint8Array | undefined): ConfigLook {
  let rest = answer ?? new Uint8Array();
  const word = (): string => {
    const end = rest.indexOf(0);
    const text = new TextDecoder().decode(rest.subarray(0, Math.max(0, end)));
    rest = rest.subarray(end + 1);
    return text;
  };
  const [kind, print, why, folder, name] = [word(), word(), word(), word(), word()];
  const place = folder === "" ? undefined : { folder, name };
  switch (kind) {
    case "same":
      return { kind, print, place };
    case "bytes":
      return { kind, print, place, bytes: rest };
    case "refused":
      return { kind, print, place, why };
  }
  return { kind: "refused", print: "failed", why: "the process that follows its link failed" };
}
