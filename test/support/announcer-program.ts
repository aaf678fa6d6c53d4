import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const script = resolve(import.meta.dir, "announcer.ts");

/** Makes a program in this home that runs `announcer.ts`; its path, for `StageOptions.program`. */
export function announcer(home: string): string {
  const path = join(home, "announcer");
  const command = [process.execPath, script, recordIn(home)].map((word) => `'${word}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${command.join(" ")}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The moment before each state was written, wall clock, ms. */
export function announced(home: string): readonly number[] {
  if (!existsSync(recordIn(home))) return [];
  return readFileSync(recordIn(home), "utf8").split("\n").filter(Boolean).map(Number);
}

function recordIn(home: string): string {
  return join(home, "announced");
}
