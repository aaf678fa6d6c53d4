import { describe, expect, test } from "bun:test";
import {
  moreConfined,
  whyRefused,
  type Confinement,
  type Proc,
} from "../../src/instance/confinement.ts";

const free: Confinement = {
  noNewPrivs: false,
  seccomp: 0,
  filters: 0,
  user: "user:[1]",
  pid: "pid:[1]",
};
/** A service that its unit hardens, in the namespaces of everything else. */
const hardened: Confinement = { ...free, noNewPrivs: true, seccomp: 2, filters: 20 };
/** What Codex 0.169 makes of a command. */
const sandboxed: Confinement = {
  noNewPrivs: true,
  seccomp: 2,
  filters: 1,
  user: "user:[2]",
  pid: "pid:[2]",
};

describe("a peer is refused that is more confined", () => {
  test.each<[string, Confinement, string]>([
    ["by Codex's sandbox", sandboxed, "user namespace"],
    ["by NoNewPrivs alone", { ...free, noNewPrivs: true }, "NoNewPrivs"],
    ["by Seccomp alone", { ...free, seccomp: 2, filters: 1 }, "Seccomp"],
    ["by the strict mode of Seccomp", { ...free, seccomp: 1 }, "Seccomp"],
    ["by its user namespace alone", { ...free, user: "user:[2]" }, "user namespace"],
    ["by its pid namespace alone", { ...free, pid: "pid:[2]" }, "pid namespace"],
    ["or may be: NoNewPrivs is not told", { ...free, noNewPrivs: undefined }, "NoNewPrivs"],
    ["or may be: Seccomp is not told", { ...free, seccomp: undefined }, "Seccomp"],
    ["or may be: no namespace is told", { ...free, user: undefined }, "user namespace"],
  ])("%s", (_, theirs, why) => {
    expect(moreConfined(theirs, free)).toContain(why);
  });

  test.each<[string, Confinement, string]>([
    ["Codex's sandbox", { ...sandboxed, user: hardened.user, pid: hardened.pid }, "filters"],
    ["more filters", { ...hardened, filters: 21 }, "filters"],
    ["another mode", { ...hardened, seccomp: 1 }, "Seccomp"],
    ["another namespace", { ...hardened, pid: "pid:[2]" }, "pid namespace"],
  ])("than a hardened service: %s", (_, theirs, why) => {
    expect(moreConfined(theirs, hardened)).toContain(why);
  });
});

describe("a peer is heard", () => {
  test.each<[string, Confinement, Confinement]>([
    ["that is as free as we are", free, free],
    ["that is freer than a hardened service", free, hardened],
    ["that is confined as we are", hardened, hardened],
    ["with NoNewPrivs, as we have", { ...free, noNewPrivs: true }, hardened],
    ["in the same sandbox", sandboxed, sandboxed],
  ])("%s", (_, theirs, own) => {
    expect(moreConfined(theirs, own)).toBeUndefined();
  });

  test("by a kernel without Seccomp and namespaces", () => {
    const bare = { ...free, seccomp: undefined, filters: undefined };
    expect(moreConfined(bare, bare)).toBeUndefined();
  });
});

describe("what /proc says", () => {
  test("of two processes of one shell: welcome", () => {
    expect(whyRefused(7, 3, proc())).toBeUndefined();
  });

  test.each([
    ["NoNewPrivs", { "/proc/7/status": statusOf({ noNewPrivs: 1 }) }, "NoNewPrivs"],
    ["Seccomp", { "/proc/7/status": statusOf({ seccomp: 2 }) }, "Seccomp"],
    ["a user namespace", { "/proc/7/ns/user": "user:[2]" }, "user namespace"],
    ["a pid namespace", { "/proc/7/ns/pid": "pid:[2]" }, "pid namespace"],
    ["a namespace that may not be seen", { "/proc/7/ns/user": undefined }, "cannot be read"],
    ["no status", { "/proc/7/status": undefined }, "cannot be read"],
    ["an empty status", { "/proc/7/status": "" }, "NoNewPrivs"],
    ["no start", { "/proc/7/stat": "7 (cdp" }, "cannot be read"],
    ["nothing of ourselves", { "/proc/self/status": undefined }, "cannot be read"],
    ["an end by now", { "/proc/self/fdinfo/3": "Pid:\t-1\nNSpid:\t-1\n" }, "has ended"],
    ["another process by now", { "/proc/self/fdinfo/3": "Pid:\t8\n" }, "has ended"],
    ["nothing of the descriptor", { "/proc/self/fdinfo/3": "pos:\t0\n" }, "has ended"],
    [
      "a name that looks like a free process",
      { "/proc/7/status": `Name:\tx\\nNoNewPrivs:\\t0\n${statusOf({ noNewPrivs: 1 })}` },
      "NoNewPrivs",
    ],
  ])("of a peer: %s", (_, changed, why) => {
    expect(whyRefused(7, 3, proc(changed))).toContain(why);
  });

  test("without a descriptor a pid that was given out again is known by its start", () => {
    let reads = 0;
    const { text, link } = proc();
    const reused: Proc = {
      link,
      text: (path) => (path === "/proc/7/stat" ? statOf((reads += 1)) : text(path)),
    };
    expect(whyRefused(7, undefined, reused)).toContain("another process's");
    expect(whyRefused(7, undefined, proc())).toBeUndefined();
  });

  test("a kernel without user namespaces has none for any process", () => {
    const without = { "/proc/self/ns/user": undefined, "/proc/7/ns/user": undefined };
    expect(whyRefused(7, 3, proc(without))).toBeUndefined();
  });
});

function statusOf({ noNewPrivs = 0, seccomp = 0 } = {}): string {
  return `Name:\tcdp\nNoNewPrivs:\t${noNewPrivs}\nSeccomp:\t${seccomp}\nSeccomp_filters:\t${seccomp}\n`;
}

function statOf(start: number): string {
  return `7 (a ) b) S 1 ${"0 ".repeat(17)}${start} 0 0\n`;
}

/** Us and process 7, both free, whose pidfd is 3; `changed`: what reads otherwise, or not at all. */
function proc(changed: Readonly<Record<string, string | undefined>> = {}): Proc {
  const files: Readonly<Record<string, string | undefined>> = {
    "/proc/self/status": statusOf(),
    "/proc/7/status": statusOf(),
    "/proc/7/stat": statOf(99),
    "/proc/self/fdinfo/3": "pos:\t0\nPid:\t7\nNSpid:\t7\n",
    "/proc/self/ns/user": "user:[1]",
    "/proc/self/ns/pid": "pid:[1]",
    "/proc/7/ns/user": "user:[1]",
    "/proc/7/ns/pid": "pid:[1]",
    ...changed,
  };
  const read = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
  return { text: read, link: read };
}
