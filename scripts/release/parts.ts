import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package whose code or files are in the program. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** Its licence and notices in full. */
  readonly text: string;
}

/**
 * Copyright lines of packages that are published without a licence file, from their repositories'
 * licence; the conditions are those of the licence that their package.json names.
 */
const notices: Readonly<Record<string, string>> = {
  "@sapphire/async-queue": "Copyright © 2020 The Sapphire Community and its contributors",
  "@sapphire/snowflake": "Copyright © 2020 The Sapphire Community and its contributors",
  "@xterm/headless":
    "Copyright (c) 2017-2019, The xterm.js authors\nCopyright (c) 2014-2016, SourceLair Private Company\nCopyright (c) 2012-2013, Christopher Jeffrey",
};

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * Names of the packages that the bundler took something of, sorted.
 *
 * @param metafile its metafile (esbuild's format), read as JSON
 */
export function packagesIn(metafile: unknown): readonly string[] {
  const { inputs } = metafile as { readonly inputs: Readonly<Record<string, unknown>> };
  const names = Object.keys(inputs).flatMap((path) => {
    const inside = path.split("node_modules/").at(-1);
    if (inside === undefined || inside === path) return [];
    return /^(?:@[^/]+\/)?[^/]+/.exec(inside)?.[0] ?? [];
  });
  return [...new Set(names)].toSorted();
}

/** Reads version and licence of each package. Throws where a licence's text is not to be had. */
export function readParts(names: readonly string[], modules: string): readonly Part[] {
  return names.map((name) => {
    const folder = join(modules, name);
    const json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly version: string;
      readonly license?: string;
    };
    const { version, license } = json;
    if (license === undefined) throw new Error(`${name} names no licence`);
    return { name, version, license, text: licenseText(name, license, folder) };
  });
}

function licenseText(name: string, license: string, folder: string): string {
  const files = readdirSync(folder).filter((file) =>
    /^(?:licen[cs]e|notice|copying|third.?party)/i.test(file),
  );
  const texts = files
    .filter((file) => /\.(?:md|txt)$|^[^.]+$/i.test(file) && file !== "third_party")
    .toSorted()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length > 0) return texts.join("\n\n");
  const notice = notices[name];
  if (notice === undefined || license !== "MIT") {
    throw new Error(`${name} comes without the text of its licence (${license})`);
  }
  return `${notice}\n\n${mit}`;
}
