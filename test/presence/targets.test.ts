import { describe, expect, test } from "bun:test";
import type { CardFacts, FileKnowledge, RepositoryCap } from "../../src/presence/facts.ts";
import { compose, fileAt, inRepository, session } from "./facts.ts";

const full = { privacy: { level: "full" } };

function capAt(level: RepositoryCap["level"]): RepositoryCap {
  return { level, off: [], sources: [], problems: [] };
}

test("a file by its real path, where the folder was entered by a link", () => {
  const folder = { kind: "nothing", place: { realPath: "/data/p" }, remotes: [] } as const;
  const places = { ...session.places!, cwd: "/home/ann/link", folder };
  const linked = fileAt("/data/p/y.ts", folder);
  const elsewhere = fileAt("/data/q/z.ts", { ...folder, place: { realPath: "/data/q" } });
  const said = [fileAt("/data/p/x.ts", folder), linked, elsewhere].map(
    (target) => compose([{ ...session, places, target }], full).card?.details,
  );
  expect(said).toEqual(["Editing x.ts", "Editing y.ts", "Editing files"]);
});

describe("a file that is in the session's folder by its name", () => {
  const root = "/home/ann/work/cdp";
  const path = `${root}/in/x.ts`;
  const said = (target: CardFacts["target"], privacy: object = {}): unknown =>
    compose([{ ...session, target }], { privacy: { level: "full", ...privacy } }).card?.details;

  test("is not named where a link leads out of the repository", () => {
    expect(said(fileAt("/data/x.ts", inRepository(root)))).toBe("Editing files");
    expect(said(fileAt(`${root}-old/x.ts`, inRepository(root)))).toBe("Editing files");
  });

  test("is not named where another repository, or one not known, begins below", () => {
    expect(said(fileAt(path, inRepository(root)))).toBe("Editing x.ts");
    expect(said(fileAt(path, inRepository(`${root}/in`)))).toBe("Editing files");
    const lost = { kind: "unknown", reason: "EACCES", places: [], remotes: [] } as const;
    expect(said(fileAt(path, lost))).toBe("Editing files");
    const none = { kind: "nothing", place: { realPath: `${root}/in` }, remotes: [] } as const;
    expect(said(fileAt(path, none))).toBe("Editing files");
  });

  test.each<[string, FileKnowledge, string]>([
    ["hides", { kind: "known", cap: capAt("hidden") }, "Editing files"],
    ["says private", { kind: "known", cap: capAt("private") }, "Editing files"],
    ["says project", { kind: "known", cap: capAt("project") }, "Editing files"],
    ["says full", { kind: "known", cap: capAt("full") }, "Editing x.ts"],
    [
      "turns targets off",
      { kind: "known", cap: { ...capAt("full"), off: ["show_activity_target"] } },
      "Editing files",
    ],
    ["cannot be read", { kind: "unknown", reason: "EIO", cap: undefined }, "Editing files"],
  ])("a .codex-presence.json beside it %s", (_, file, details) => {
    const folder = inRepository(root);
    const place = { kind: "known", value: { named: path, path, folder, file } } as const;
    expect(said(fileAt(path, folder, { place }))).toBe(details);
    // A switch of the person's own gets past no cap.
    const isCapped = said(fileAt(path, folder, { place }), { show_activity_target: true });
    expect(isCapped).toBe(details);
  });

  test("a rule for a path above it counts, by the name it has and by the one behind links", () => {
    const rule = (glob: string, level = "private") => ({ rules: [{ path: glob, level }] });
    const target = fileAt(path, inRepository(root), {
      place: {
        kind: "known",
        value: {
          named: `${root}/link/x.ts`,
          path,
          folder: inRepository(root),
          file: { kind: "nothing" },
        },
      },
    });
    expect(said(target, rule("/other/**"))).toBe("Editing x.ts");
    expect(said(target, rule(`${root}/in/**`))).toBe("Editing files");
    expect(said(target, rule(`${root}/link/**`, "hidden"))).toBe("Editing files");
    expect(said(target, rule("**/in/x.ts"))).toBe("Editing files");
  });
});

test("of a script that may not be named the interpreter is", () => {
  const root = "/home/ann/work/cdp";
  const running = (path: string, by: string | undefined): unknown => {
    const target = fileAt(path, inRepository(root), { program: by });
    return compose([{ ...session, activity: "running", target }], full).card?.details;
  };
  expect(running(`${root}/plan.py`, "python3")).toBe("Running plan.py");
  expect(running("/out/plan.py", "python3")).toBe("Running python3");
  expect(running("/out/plan", undefined)).toBe("Running a command");
});
