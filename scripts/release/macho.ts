/**
 * Ad-hoc code signatures of 64-bit Mach-O files, as `codesign --sign -` and Apple's linker make them.
 * Numbers and layouts: Apple's published headers `mach-o/loader.h` and `kern/cs_blobs.h`
 * (apple-oss-distributions/xnu).
 */
import { createHash } from "node:crypto";

const MH_MAGIC_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
const CSMAGIC_CODEDIRECTORY = 0xfade0c02;
const CSSLOT_CODEDIRECTORY = 0;
/** Valid without a certificate; made by a linker, so that tools may replace it. */
const CS_ADHOC_LINKER_SIGNED = 0x20002;
const CS_EXECSEG_MAIN_BINARY = 1;
const CS_HASHTYPE_SHA256 = 2;
const codeDirectoryVersion = 0x20400;
const codeDirectoryBytes = 88;
const superBlobBytes = 20;
const hashBytes = 32;
const pageShift = 12;
const pageBytes = 1 << pageShift;
/** The kernel's page on arm64; a segment's size in memory is a multiple of it. */
const segmentAlignment = 0x4000;

/** What is known of a file's signature. */
export interface Signature {
  /** Without a certificate: valid on any Mac, for nobody in particular. */
  readonly adHoc: boolean;
  readonly identifier: string;
  readonly pages: number;
  /** Pages whose content is not what was signed. */
  readonly wrongPages: number;
  /** All bytes before the signature are signed, and none come after it. */
  readonly whole: boolean;
}

/** Whether the system would start the file: ad hoc, over the whole file, every page right. */
export function isValid(signature: Signature | undefined): boolean {
  return signature !== undefined && signature.adHoc && signature.whole && !signature.wrongPages;
}

/**
 * Reads a file's signature and hashes every page. `undefined` where there is none.
 * Throws when the file is not a 64-bit Mach-O or its signature is not one that is understood.
 */
export function readSignature(file: Uint8Array): Signature | undefined {
  const { signature } = readCommands(file);
  if (signature === undefined) return undefined;
  const view = viewOf(file);
  const at = signature.offset;
  if (view.getUint32(at) !== CSMAGIC_EMBEDDED_SIGNATURE) throw new Error("no signature blob");
  const blobs = view.getUint32(at + 8);
  for (let blob = 0; blob < blobs; blob += 1) {
    if (view.getUint32(at + 12 + 8 * blob) !== CSSLOT_CODEDIRECTORY) continue;
    return readDirectory(file, at + view.getUint32(at + 16 + 8 * blob), signature);
  }
  throw new Error("no code directory");
}

/**
 * The file with an ad-hoc signature in the place of the one it has, which must be the file's last
 * part, as linkers put it. Throws where that is not so.
 *
 * @param identifier names the program in the signature; ASCII
 */
export function signAdHoc(file: Uint8Array, identifier: string): Uint8Array {
  const { signature, linkEdit, text } = readCommands(file);
  if (signature === undefined || linkEdit === undefined || text === undefined) {
    throw new Error("no place for a signature: LC_CODE_SIGNATURE, __LINKEDIT or __TEXT is missing");
  }
  if (linkEdit.fileOffset + linkEdit.fileBytes !== signature.offset + signature.bytes) {
    throw new Error("the signature is not the last part of the file");
  }
  const limit = signature.offset;
  const pages = Math.ceil(limit / pageBytes);
  const name = new TextEncoder().encode(`${identifier}\0`);
  const hashes = codeDirectoryBytes + name.length;
  const directory = hashes + pages * hashBytes;
  const bytes = Math.ceil((superBlobBytes + directory) / 16) * 16;

  const signed = new Uint8Array(limit + bytes);
  signed.set(file.subarray(0, limit));
  const view = viewOf(signed);
  view.setUint32(signature.command + 12, bytes, true);
  const linkEditBytes = limit + bytes - linkEdit.fileOffset;
  const inMemory = Math.ceil(linkEditBytes / segmentAlignment) * segmentAlignment;
  view.setBigUint64(linkEdit.command + 32, BigInt(inMemory), true);
  view.setBigUint64(linkEdit.command + 48, BigInt(linkEditBytes), true);

  let at = limit;
  const word = (value: number) => {
    view.setUint32(at, value);
    at += 4;
  };
  const long = (value: number) => {
    view.setBigUint64(at, BigInt(value));
    at += 8;
  };
  [CSMAGIC_EMBEDDED_SIGNATURE, superBlobBytes + directory, 1].forEach(word);
  [CSSLOT_CODEDIRECTORY, superBlobBytes].forEach(word);
  [CSMAGIC_CODEDIRECTORY, directory, codeDirectoryVersion, CS_ADHOC_LINKER_SIGNED].forEach(word);
  [hashes, codeDirectoryBytes, 0, pages, limit].forEach(word);
  signed.set([hashBytes, CS_HASHTYPE_SHA256, 0, pageShift], at);
  at += 4;
  [0, 0, 0, 0].forEach(word); // spare2, scatterOffset, teamOffset, spare3
  [0, text.fileOffset, text.fileBytes, CS_EXECSEG_MAIN_BINARY].forEach(long);
  signed.set(name, at);
  at += name.length;
  for (let page = 0; page < pages; page += 1) {
    signed.set(hashOfPage(signed, page, limit), at);
    at += hashBytes;
  }
  return signed;
}

interface Segment {
  readonly command: number;
  readonly fileOffset: number;
  readonly fileBytes: number;
}

interface Commands {
  readonly signature:
    | { readonly command: number; readonly offset: number; readonly bytes: number }
    | undefined;
  readonly linkEdit: Segment | undefined;
  readonly text: Segment | undefined;
}

function readCommands(file: Uint8Array): Commands {
  const view = viewOf(file);
  if (file.length < 32 || view.getUint32(0, true) !== MH_MAGIC_64) {
    throw new Error("not a 64-bit Mach-O file");
  }
  const count = view.getUint32(16, true);
  const segments = new Map<string, Segment>();
  let signature: Commands["signature"];
  let command = 32;
  for (let i = 0; i < count; i += 1) {
    const kind = view.getUint32(command, true);
    if (kind === LC_CODE_SIGNATURE) {
      const [offset, bytes] = [
        view.getUint32(command + 8, true),
        view.getUint32(command + 12, true),
      ];
      signature = { command, offset, bytes };
    }
    if (kind === LC_SEGMENT_64) {
      const name = textAt(file, command + 8, 16);
      const fileOffset = Number(view.getBigUint64(command + 40, true));
      const fileBytes = Number(view.getBigUint64(command + 48, true));
      segments.set(name, { command, fileOffset, fileBytes });
    }
    command += view.getUint32(command + 4, true);
  }
  return { signature, linkEdit: segments.get("__LINKEDIT"), text: segments.get("__TEXT") };
}

function readDirectory(
  file: Uint8Array,
  at: number,
  place: { readonly offset: number; readonly bytes: number },
): Signature {
  const view = viewOf(file);
  const sha256 = file[at + 36] === hashBytes && file[at + 37] === CS_HASHTYPE_SHA256;
  if (view.getUint32(at) !== CSMAGIC_CODEDIRECTORY || !sha256 || file[at + 39] !== pageShift) {
    throw new Error("a code directory of another kind than SHA-256 over pages of 4 KiB");
  }
  const hashes = at + view.getUint32(at + 16);
  const pages = view.getUint32(at + 28);
  const limit = view.getUint32(at + 32);
  let wrongPages = 0;
  for (let page = 0; page < pages; page += 1) {
    const from = hashes + page * hashBytes;
    const wanted = file.subarray(from, from + hashBytes);
    if (!hashOfPage(file, page, limit).equals(wanted)) wrongPages += 1;
  }
  const covered = limit === place.offset && pages === Math.ceil(limit / pageBytes);
  return {
    adHoc: (view.getUint32(at + 12) & 2) !== 0,
    identifier: textAt(file, at + view.getUint32(at + 20), 256),
    pages,
    wrongPages,
    whole: covered && place.offset + place.bytes === file.length,
  };
}

function hashOfPage(file: Uint8Array, page: number, limit: number): Buffer {
  const end = Math.min((page + 1) * pageBytes, limit);
  return createHash("sha256")
    .update(file.subarray(page * pageBytes, end))
    .digest();
}

function textAt(file: Uint8Array, at: number, bytes: number): string {
  const field = file.subarray(at, at + bytes);
  const end = field.indexOf(0);
  return new TextDecoder().decode(field.subarray(0, end < 0 ? bytes : end));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
