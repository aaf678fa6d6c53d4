import { expect, test } from "bun:test";
import { array, assert, asyncProperty, constantFrom, integer } from "fast-check";
import { type Knowledge, known, nothing, unknown } from "../../src/lib/knowledge.ts";
import type { Entry, GitFiles } from "../../src/repository/git-files.ts";
import { locate } from "../../src/repository/locate.ts";

const kinds = ["none", "ours", "foreign", "fails", "broken", "pipe"] as const;
type Kind = (typeof kinds)[number];

const folder: Entry = { kind: "folder", ours: true, stamp: "1", device: 1 };

/** A disk that is one path, with something by the name `.git` in each of its folders. */
function diskOf(levels: readonly Kind[], home: string): GitFiles {
  const kindAt = (path: string): Kind => levels[path === "/" ? 0 : depthOf(path)] ?? "none";
  const gitAt = (kind: Kind): Knowledge<Entry> => {
    if (kind === "none") return nothing;
    if (kind === "fails") return unknown("EACCES");
    return known({
      ...folder,
      kind: kind === "pipe" ? "other" : "folder",
      ours: kind !== "foreign",
    });
  };
  return {
    homes: () => Promise.resolve([home]),
    real: (path) => Promise.resolve(known(path)),
    follow: (path) => Promise.resolve(known({ path, isWhole: true })),
    link: () => Promise.resolve(nothing),
    text: () => Promise.resolve(nothing),
    names: () => Promise.resolve(nothing),
    entry: (path) => {
      const [, above = "", name = ""] = /^(.*)\/([^/]*)$/.exec(path) ?? [];
      if (name === ".git") return Promise.resolve(gitAt(kindAt(above === "" ? "/" : above)));
      if (!above.endsWith("/.git") || name !== "HEAD") return Promise.resolve(nothing);
      const kind = kindAt(above.slice(0, -"/.git".length) || "/");
      return Promise.resolve(kind === "broken" ? nothing : known({ ...folder, kind: "file" }));
    },
  };
}

const depthOf = (path: string): number => path.split("/").length - 1;
const pathOf = (depth: number): string =>
  depth === 0 ? "/" : Array.from({ length: depth }, (_, i) => `/d${i}`).join("");

/** What is known for certain, by the rules in words: the first one upwards counts. */
function expected(levels: readonly Kind[], homeDepth: number): string {
  let isProof = true;
  for (let depth = levels.length - 1; depth >= 0; depth -= 1) {
    const kind = levels[depth];
    if (kind === "broken") isProof = false;
    if (kind === "none" || kind === "broken") continue;
    // At a home and above it the name would be a person's; a root folder has none.
    if (kind !== "ours" || depth <= homeDepth || depth === 0) return "unknown";
    return pathOf(depth);
  }
  return isProof ? "nothing" : "unknown";
}

test("in any tree: a repository, proof that there is none, or unknown", async () => {
  await assert(
    asyncProperty(
      array(constantFrom(...kinds, "none", "none", "none"), { minLength: 1, maxLength: 90 }),
      integer({ min: 0, max: 90 }),
      async (levels: readonly Kind[], homeDepth) => {
        const path = pathOf(levels.length - 1);
        const home = homeDepth < levels.length ? pathOf(homeDepth) : "/elsewhere";
        const found = await locate(path, diskOf(levels, home));
        const said = found.kind === "known" ? found.value.root : found.kind;
        expect(said).toBe(expected(levels, homeDepth < levels.length ? homeDepth : -1));
      },
    ),
    { numRuns: 2000 },
  );
});
