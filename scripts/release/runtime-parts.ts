/** A library that the runtime links statically, as its own licence file lists them. */
export interface RuntimePart {
  readonly name: string;
  /** SPDX expression, or `undefined` where several apply: see the address. */
  readonly license: string | undefined;
  readonly url: string;
}

/** Source: LICENSE.md of Bun's repository, which Bun refers to for what it contains. */
export const runtimeLicenses = "https://github.com/oven-sh/bun/blob/main/LICENSE.md";

/** Where the source of the runtime's JavaScript engine is, with which it can be built and relinked. */
export const engineSource = "https://github.com/oven-sh/WebKit";

export const runtimeParts: readonly RuntimePart[] = [
  part("JavaScriptCore and WebCore (WebKit)", "LGPL-2.0-or-later", "oven-sh/WebKit"),
  part("tinycc", "LGPL-2.1-or-later", "TinyCC/tinycc"),
  part("boringssl", undefined, "google/boringssl"),
  part("brotli", "MIT", "google/brotli"),
  part("libarchive", undefined, "libarchive/libarchive"),
  part("lol-html", "BSD-3-Clause", "cloudflare/lol-html"),
  part("ls-hpack", "MIT", "litespeedtech/ls-hpack"),
  part("ls-qpack", "MIT", "litespeedtech/ls-qpack"),
  part("lsquic", "MIT AND BSD-3-Clause", "litespeedtech/lsquic"),
  part("mimalloc", "MIT", "microsoft/mimalloc"),
  part("picohttpparser", "MIT", "h2o/picohttpparser"),
  part("zstd", "BSD-3-Clause", "facebook/zstd"),
  part("simdutf", "Apache-2.0", "simdutf/simdutf"),
  part("uSockets", "Apache-2.0", "uNetworking/uSockets"),
  part("uWebSockets", "Apache-2.0", "uNetworking/uWebSockets"),
  part("zlib-ng", "Zlib", "zlib-ng/zlib-ng"),
  part("c-ares", "MIT", "c-ares/c-ares"),
  part("ICU", undefined, "unicode-org/icu"),
  part("base64", "BSD-2-Clause", "aklomp/base64"),
  part("libuv (Windows)", "MIT", "libuv/libuv"),
  part("libdeflate", "MIT", "ebiggers/libdeflate"),
  part("libjpeg-turbo", "BSD-3-Clause AND IJG AND Zlib", "libjpeg-turbo/libjpeg-turbo"),
  part("libspng", "BSD-2-Clause", "randy408/libspng"),
  part("libwebp", "BSD-3-Clause", "webmproject/libwebp"),
  part("highway", "Apache-2.0", "google/highway"),
  part("uucode", "MIT", "jacobsandlund/uucode"),
  part("TigerBeetle (input and output)", "Apache-2.0", "tigerbeetle/tigerbeetle"),
  part("libc++abi (__cxa_thread_atexit)", "Apache-2.0 WITH LLVM-exception", "llvm/llvm-project"),
  part("esbuild (ported)", "MIT", "evanw/esbuild"),
  part("acorn, acorn-walk", "MIT", "acornjs/acorn"),
  part("Node.js polyfills (assert, buffer, events, util and others)", "MIT", "browserify"),
];

function part(name: string, license: string | undefined, repository: string): RuntimePart {
  return { name, license, url: `https://github.com/${repository}` };
}
