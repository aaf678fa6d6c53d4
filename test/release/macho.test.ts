import { describe, expect, test } from "bun:test";
import { isValid, readSignature, signAdHoc } from "../../scripts/release/macho.ts";

const headerBytes = 32;
const segmentBytes = 72;
const codeBytes = 3 * 4096 + 100;

/** A Mach-O of two segments, with room at its end that is named as its signature but is none. */
function unsigned(room = 64): Uint8Array {
  const file = new Uint8Array(codeBytes + room);
  const view = new DataView(file.buffer);
  file.forEach((_, i) => (file[i] = i % 251));
  file.fill(0, 0, headerBytes + 2 * segmentBytes + 16);
  view.setUint32(0, 0xfeedfacf, true);
  view.setUint32(16, 3, true);
  const segment = (at: number, name: string, offset: number, bytes: number) => {
    view.setUint32(at, 0x19, true);
    view.setUint32(at + 4, segmentBytes, true);
    file.set(new TextEncoder().encode(name), at + 8);
    view.setBigUint64(at + 40, BigInt(offset), true);
    view.setBigUint64(at + 48, BigInt(bytes), true);
  };
  segment(headerBytes, "__TEXT", 0, 4096);
  segment(headerBytes + segmentBytes, "__LINKEDIT", 8192, codeBytes + room - 8192);
  const signature = headerBytes + 2 * segmentBytes;
  view.setUint32(signature, 0x1d, true);
  view.setUint32(signature + 4, 16, true);
  view.setUint32(signature + 8, codeBytes, true);
  view.setUint32(signature + 12, room, true);
  return file;
}

const signed = () => signAdHoc(unsigned(), "a-name");

describe("an ad-hoc signature", () => {
  test("covers every page, and the file ends with it", () => {
    expect(readSignature(signed())).toEqual({
      adHoc: true,
      identifier: "a-name",
      pages: 4,
      wrongPages: 0,
      whole: true,
    });
  });

  test("takes the place of the one that is there", () => {
    const again = signAdHoc(signed(), "other");
    expect(isValid(readSignature(again))).toBe(true);
    expect(again.length).toBe(signAdHoc(unsigned(4096), "other").length);
  });

  test.each([
    ["the first page", 300],
    ["a page in the middle", 5000],
    ["the last byte before it", codeBytes - 1],
  ])("is not valid after a change of %s", (_, at) => {
    const file = signed();
    file[at] = (file[at] ?? 0) ^ 1;
    expect(readSignature(file)?.wrongPages).toBe(1);
    expect(isValid(readSignature(file))).toBe(false);
  });

  test("is not valid with bytes after it, or for fewer bytes than come before it", () => {
    const file = signed();
    expect(isValid(readSignature(new Uint8Array([...file, 0])))).toBe(false);
    const directory = codeBytes + 20;
    new DataView(file.buffer).setUint32(directory + 32, codeBytes - 4, false);
    expect(readSignature(file)?.whole).toBe(false);
  });

  test("of somebody with a certificate is not ad hoc", () => {
    const file = signed();
    new DataView(file.buffer).setUint32(codeBytes + 20 + 12, 0x10000, false);
    expect(isValid(readSignature(file))).toBe(false);
  });
});

test("what is no Mach-O, or has no room for a signature at its end, is refused", () => {
  expect(() => readSignature(new Uint8Array(64))).toThrow("not a 64-bit Mach-O");
  expect(() => readSignature(unsigned())).toThrow("no signature blob");
  const elsewhere = unsigned();
  new DataView(elsewhere.buffer).setUint32(headerBytes + 2 * segmentBytes + 8, 9000, true);
  expect(() => signAdHoc(elsewhere, "x")).toThrow("not the last part");
  const without = unsigned();
  new DataView(without.buffer).setUint32(headerBytes + 2 * segmentBytes, 0, true);
  expect(readSignature(without)).toBeUndefined();
  expect(() => signAdHoc(without, "x")).toThrow("no place for a signature");
});
