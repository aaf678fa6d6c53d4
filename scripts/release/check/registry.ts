import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../shell.ts";

/** npm's registry on this machine with the packages of a folder, until it is disposed. */
export interface Registry extends Disposable {
  readonly url: string;
}

/** Serves the `.tgz` files of a folder as versions of the packages that their package.json name. */
export async function serveRegistry(folder: string): Promise<Registry> {
  const packages = new Map<string, Record<string, unknown>>();
  const files = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => answer(decodeURIComponent(new URL(url).pathname.slice(1))),
  });
  const url = `http://127.0.0.1:${server.port}`;
  for (const file of files) {
    const path = join(folder, file);
    // oxlint-disable-next-line no-await-in-loop -- a handful
    const text = await run(["tar", "-xzOf", path, "package/package.json"]);
    const json = JSON.parse(text) as { readonly name: string; readonly version: string };
    const bytes = readFileSync(path);
    const sum = (kind: string, as: "hex" | "base64") => createHash(kind).update(bytes).digest(as);
    const dist = {
      tarball: `${url}/${file}`,
      shasum: sum("sha1", "hex"),
      integrity: `sha512-${sum("sha512", "base64")}`,
    };
    const versions = packages.get(json.name) ?? {};
    packages.set(json.name, { ...versions, [json.version]: { ...json, dist } });
  }

  function answer(name: string): Response {
    if (files.includes(name)) return new Response(Bun.file(join(folder, name)));
    const versions = packages.get(name);
    if (versions === undefined) return new Response("{}", { status: 404 });
    const latest = Object.keys(versions).find((version) => !version.includes("-"));
    return Response.json({ name, "dist-tags": { latest }, versions });
  }
  return { url, [Symbol.dispose]: () => void server.stop(true) };
}
