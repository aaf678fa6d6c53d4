/** Writes docs/config.schema.json from the schema that reads the config. */
import { join } from "node:path";
import { jsonSchema } from "../src/config/json-schema.ts";

const root = join(import.meta.dir, "..");
const path = join(root, "docs/config.schema.json");
await Bun.write(path, `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
const { exitCode } = Bun.spawnSync([join(root, "node_modules/.bin/oxfmt"), path]);
process.exit(exitCode);
