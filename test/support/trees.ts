import {
  type Arbitrary,
  array,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  subarray,
  tuple,
} from "fast-check";
import { addresses, type Level, type Rule } from "./card-oracle.ts";
import type { Fault, Thing, Tree } from "./tree.ts";

/** A disk, what a session does there, and what the person's config says. */
export interface World {
  readonly tree: Tree;
  readonly level: Level;
  readonly rules: readonly Rule[];
  readonly cwd: string;
  readonly file: string;
}

const names = ["ant", "bee"];
const one = names.map((name) => `/w/${name}`);
const two = one.flatMap((above) => names.map((name) => `${above}/${name}`));
const three = two.flatMap((above) => names.map((name) => `${above}/${name}`));
const folders: readonly string[] = [...one, ...two, ...three];
const folder = constantFrom(...folders);

const links = ["/w/link", "/w/ant/link", "/w/bee/bee/link"];
const link = record({
  at: constantFrom(...links),
  to: oneof(folder, constantFrom("../bee", "..", "ant", "/nowhere/x", "/w/link", "/w/ant/f.ts")),
});
const places = constantFrom(
  ...folders,
  ...links,
  ...links.map((each) => `${each}/ant`),
  "/w/ant/../bee",
  "/gone/ant",
);

const git = record({
  top: folder,
  kind: constantFrom(
    "own",
    "own",
    "worktree",
    "worktree",
    "submodule",
    "foreign",
    "broken",
    "nowhere",
    "pipe",
  ),
  other: folder,
  remotes: subarray([...addresses]),
});
type Git = typeof git extends Arbitrary<infer Value> ? Value : never;

const levels = ["hidden", "private", "project", "full"] as const;
const asked = record({
  at: oneof(folder, constantFrom("/w")),
  what: constantFrom(...levels, "broken", "pipe", "link"),
});
type Asked = typeof asked extends Arbitrary<infer Value> ? Value : never;

const rule: Arbitrary<Rule> = tuple(
  oneof(
    record({ path: places.map((path) => `${path}/**`) }),
    record({ path: places }),
    record({ repo: constantFrom("acme/x", "open/x", "other/x") }),
    record({ host: constantFrom("far.example", "near.example", "other.example") }),
  ),
  constantFrom(...levels.slice(0, 3)),
).map(([by, level]) => ({ ...by, level }));

const file = oneof(
  constantFrom("f.ts", "./ant/f.ts", "../f.ts", "bee/f.ts", "link/f.ts", "ant/../f.ts"),
  places.map((place) => `${place}/f.ts`),
);

export const world: Arbitrary<World> = record({
  present: subarray([...folders], { minLength: 6 }),
  gits: array(git, { maxLength: 5 }),
  asks: array(asked, { maxLength: 3 }),
  links: array(link, { maxLength: 3 }),
  level: constantFrom<Level>("full", "full", "project"),
  rules: array(rule, { maxLength: 3 }),
  cwd: places,
  file,
}).map(({ present, gits, asks, links: made, ...rest }) => {
  const tree = new Map<string, Thing>();
  for (const path of present) put(tree, path, { kind: "folder" });
  for (const each of gits) putGit(tree, each);
  for (const each of asks) putAsked(tree, each);
  for (const { at, to } of made) if (!tree.has(at)) put(tree, at, { kind: "link", to });
  return { tree, ...rest };
});

/** Faults by the number of the look. */
export const faults: Arbitrary<ReadonlyMap<number, Fault>> = option(
  array(tuple(integer({ min: 1, max: 90 }), constantFrom<Fault>("refused", "hangs", "gone")), {
    maxLength: 4,
  }),
  { nil: [] },
).map((each) => new Map(each));

/** Puts a thing at a path, and folders above it; not where something else is in the way. */
function put(tree: Map<string, Thing>, path: string, thing: Thing): void {
  const above = path.slice(0, path.lastIndexOf("/"));
  if (above !== "" && tree.get(above)?.kind !== "folder") put(tree, above, { kind: "folder" });
  tree.set(path, thing);
}

function putGit(tree: Map<string, Thing>, { top, kind, other, remotes }: Git): void {
  if (tree.has(`${top}/.git`)) return;
  const write = (path: string, text: string): void => put(tree, path, { kind: "file", text });
  const fill = (place: string): void => {
    write(`${place}/HEAD`, "ref: refs/heads/main\n");
    write(`${place}/config`, remotes.map((url, i) => `[remote "r${i}"]\nurl = ${url}\n`).join(""));
  };
  switch (kind) {
    case "own":
      return fill(`${top}/.git`);
    case "worktree": {
      if (tree.get(`${other}/.git`) === undefined && other !== top) fill(`${other}/.git`);
      if (tree.get(`${other}/.git`)?.kind !== "folder" || other === top) return;
      const place = `${other}/.git/worktrees/w`;
      write(`${place}/HEAD`, "ref: refs/heads/side\n");
      write(`${place}/commondir`, "../..\n");
      return write(`${top}/.git`, `gitdir: ${place}\n`);
    }
    case "submodule":
      if (tree.has(`${other}/.git`) && tree.get(`${other}/.git`)?.kind !== "folder") return;
      fill(`${other}/.git/modules/m`);
      return write(`${top}/.git`, `gitdir: ${other}/.git/modules/m\n`);
    case "foreign":
      fill(`${top}/.git`);
      return put(tree, `${top}/.git`, { kind: "folder", isForeign: true });
    case "broken":
      return put(tree, `${top}/.git`, { kind: "folder" });
    case "nowhere":
      return write(`${top}/.git`, "gitdir: /nowhere/at/all\n");
    case "pipe":
      return put(tree, `${top}/.git`, { kind: "pipe" });
  }
}

function putAsked(tree: Map<string, Thing>, { at, what }: Asked): void {
  const path = `${at}/.codex-presence.json`;
  switch (what) {
    case "broken":
      return put(tree, path, { kind: "file", text: "{" });
    case "pipe":
      return put(tree, path, { kind: "pipe" });
    case "link":
      return put(tree, path, { kind: "link", to: "/w/ant/.codex-presence.json" });
    case "hidden":
    case "private":
    case "project":
    case "full":
      return put(tree, path, { kind: "file", text: JSON.stringify({ level: what }) });
  }
}
