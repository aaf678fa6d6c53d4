import { expect, test } from "bun:test";
import { join } from "node:path";
import { filesFor, makeHome, write } from "./folders.ts";

const many = (n: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: n }, (_, at) => [`many/${at}`, ""]));

test("the names in a folder, and none of what is no folder or has too many", async () => {
  using home = makeHome();
  const files = filesFor([home.path]);
  write(home.path, { "a/b": "", "a/c/": "", file: "", ...many(1024) });
  const at = (name: string): string => join(home.path, name);
  expect(await files.names(at("a"))).toEqual({ kind: "known", value: expect.any(Array) });
  const names = await files.names(at("a"));
  expect(names.kind === "known" ? names.value.toSorted() : []).toEqual(["b", "c"]);
  expect(await files.names(at("nowhere"))).toEqual({ kind: "nothing" });
  expect(await files.names(at("file"))).toMatchObject({ kind: "unknown" });
  expect(await files.names("/proc/self")).toMatchObject({ kind: "unknown" });
  expect(await files.names(at("many"))).toMatchObject({ kind: "known" });
  write(home.path, many(1025));
  expect(await files.names(at("many"))).toMatchObject({ kind: "unknown" });
});
