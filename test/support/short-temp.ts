import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temp folder may be so long that a socket in it has no valid path any more (107 bytes). */
const maxBytes = 40;

/**
 * A private temp folder with a short path, however long the path of this clone and of `TMPDIR` is:
 * for what puts sockets into a temp folder. Remove it by disposing.
 */
export function openShortTemp(): Disposable & { readonly path: string } {
  const temp = tmpdir();
  const path = mkdtempSync(join(Buffer.byteLength(temp) > maxBytes ? "/tmp" : temp, "cdp-t-"));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
