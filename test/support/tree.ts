import { type Knowledge, known, nothing, unknown } from "../../src/lib/knowledge.ts";
import { follow } from "../../src/repository/follow.ts";
import type { Entry, GitFiles } from "../../src/repository/git-files.ts";

/** What is at a path of a disk in memory. */
export type Thing =
  | { readonly kind: "folder"; readonly isForeign?: boolean }
  | { readonly kind: "file"; readonly text: string; readonly isForeign?: boolean }
  | { readonly kind: "link"; readonly to: string }
  | { readonly kind: "pipe" };

/** A whole disk, by absolute path; every folder above a thing is there. */
export type Tree = ReadonlyMap<string, Thing>;

/** `gone`: what was there a moment ago is not there any more when it is read. */
export type Fault = "refused" | "hangs" | "gone";

export interface TreeDisk {
  readonly files: GitFiles;
  /** Whether a fault of these has been met. */
  readonly hasFailed: boolean;
  /** A look waits for `release`. */
  readonly isHanging: boolean;
  /** Another disk, and the faults of the looks from now on by their number, modulo `every`. */
  set(tree: Tree, faults: ReadonlyMap<number, Fault>): void;
  /** What hangs answers that its disk does not, as the real one does after two seconds. */
  release(): void;
}

/** The disk as a program sees it, with faults. */
export function openTreeDisk(home: string): TreeDisk {
  let tree: Tree = new Map();
  let faults: ReadonlyMap<number, Fault> = new Map();
  let looks = 0;
  let hasFailed = false;
  let hanging: (() => void)[] = [];

  const look = async <Value>(
    find: () => Knowledge<Value>,
    mayBeGone: boolean,
  ): Promise<Knowledge<Value>> => {
    looks += 1;
    const fault = faults.get(looks);
    if (fault === undefined || (fault === "gone" && !mayBeGone)) return find();
    hasFailed = true;
    if (fault === "gone") return nothing;
    if (fault === "refused") return unknown("EACCES: permission denied");
    await new Promise<void>((resolve) => hanging.push(resolve));
    return unknown("its disk does not answer");
  };
  const entry = (path: string): Promise<Knowledge<Entry>> =>
    look(() => {
      const thing = tree.get(path);
      return thing === undefined ? nothing : known(entryOf(path, thing));
    }, false);
  const link = (path: string): Promise<Knowledge<string>> =>
    look(() => {
      const thing = tree.get(path);
      return thing?.kind === "link" ? known(thing.to) : unknown("EINVAL");
    }, true);
  const real = async (path: string): Promise<Knowledge<string>> => {
    const found = await follow(path, { entry, link });
    if (found.kind !== "known") return found;
    return found.value.isWhole ? known(found.value.path) : nothing;
  };
  const text = async (path: string): Promise<Knowledge<string>> => {
    const place = await real(path);
    if (place.kind !== "known") return place;
    // A repository without a config has no remotes; git replaces one at once.
    const mayBeGone = !place.value.endsWith("/config");
    return look(() => {
      const thing = tree.get(place.value);
      return thing?.kind === "file" ? known(thing.text) : unknown("it is no small regular file");
    }, mayBeGone);
  };
  const names = async (path: string): Promise<Knowledge<readonly string[]>> => {
    const place = await real(path);
    return place.kind === "known" ? unknown("no test has one") : place;
  };
  const files = { entry, link, real, text, names, follow: (path: string) => follow(path, files) };
  return {
    files: { ...files, homes: () => Promise.resolve([home]) },
    get hasFailed() {
      return hasFailed;
    },
    get isHanging() {
      return hanging.length > 0;
    },
    set(another, with_) {
      tree = another;
      faults = with_;
      looks = 0;
    },
    release() {
      const all = hanging;
      hanging = [];
      for (const go of all) go();
    },
  };
}

function entryOf(path: string, thing: Thing): Entry {
  const kinds = { folder: "folder", file: "file", link: "link", pipe: "other" } as const;
  const ours = thing.kind === "link" || thing.kind === "pipe" || thing.isForeign !== true;
  return { kind: kinds[thing.kind], ours, stamp: JSON.stringify([path, thing]), device: 1 };
}
