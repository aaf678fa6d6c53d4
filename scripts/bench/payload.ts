import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";

const recordings = resolve(import.meta.dir, "../../test/fixtures/recordings");
/** Recordings that leave the alternate screen aside; most of Codex's life is the rest. */
const elsewhere = new Set(["noalt"]);

/** All recordings of Codex's output, one after the other, again and again, up to `bytes`. */
export function writeCodexFrames(path: string, bytes: number): void {
  const names = readdirSync(recordings).filter((name) => !elsewhere.has(name));
  const all = names.map((name) =>
    Bun.gunzipSync(readFileSync(join(recordings, name, "raw.bin.gz"))),
  );
  fill(path, bytes, Buffer.concat(all));
}

/** Lines as a compiler or a log writes them: 40 to 100 ASCII characters, every tenth in colour. */
export function writePlainLines(path: string, bytes: number): void {
  const lines = Array.from({ length: 1000 }, (_, i) => {
    const text = `${String(i).padStart(6)} src/part-${i % 37}/file-${i % 91}.ts: `;
    const line = text + "all is well with this line ".repeat(3).slice(0, 20 + ((i * 7) % 61));
    return i % 10 === 0 ? `\x1b[32m${line}\x1b[0m` : line;
  });
  fill(path, bytes, Buffer.from(`${lines.join("\r\n")}\r\n`));
}

function fill(path: string, bytes: number, part: Uint8Array): void {
  const file = openSync(path, "w");
  for (let written = 0; written < bytes; written += part.length) {
    writeSync(file, part.subarray(0, Math.min(part.length, bytes - written)));
  }
  closeSync(file);
}
