// A peer of the control socket that is confined as asked, or a publisher that is: `bun
// control-peer.ts HOW SOCKET PROGRAM [ARGUMENT …]`. Prints the types of what it hears, then `closed`.
//   free          says hello and asks for the status
//   confined      sets NoNewPrivs, then says hello, forges a session and asks for everything
//   filtered      likewise with NoNewPrivs and a seccomp filter that lets everything through
//   exec          as `confined`, but becomes PROGRAM with the connection open
//   become        sets NoNewPrivs and a filter, then becomes PROGRAM
import { dlopen, ptr } from "bun:ffi";
import { connect } from "node:net";
import { verbs } from "../../src/instance/message.ts";

const [how = "", path = "", ...program] = process.argv.slice(2);
const PR_SET_NO_NEW_PRIVS = 38;
const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2;
const AF_UNIX = 1;
const SOCK_STREAM = 1;

const { symbols: c } = dlopen("libc.so.6", {
  prctl: { args: ["i32", "u64", "u64", "u64", "u64"], returns: "i32" },
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  connect: { args: ["i32", "ptr", "i32"], returns: "i32" },
  write: { args: ["i32", "ptr", "u64"], returns: "i64" },
  execv: { args: ["ptr", "ptr"], returns: "i32" },
});

const hello = { type: "hello", role: "wrapper", pid: process.pid, version: "1", startedAt: 2e12 };
const session = {
  type: "session",
  session: {
    activity: { kind: "running", since: 0, target: "forged" },
    open: true,
    startedAt: 2e12,
    cwd: "/forged",
  },
};
const everything = [
  hello,
  session,
  ...verbs.map((verb) => ({ type: "ask", verb })),
  { type: "takeover", by: process.pid },
];

if (how !== "free") must("prctl", c.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n));
if (how === "filtered" || how === "become") addFilter();
if (how === "become") become();
if (how === "exec") becomeConnected();
const said = lines(how === "free" ? [hello, { type: "ask", verb: "status" }] : everything);
const socket = connect(path, () => void socket.write(said));
let text = "";
socket.on("data", (chunk) => {
  text += String(chunk);
  const heard = text.split("\n");
  text = heard.pop() ?? "";
  for (const line of heard) process.stdout.write(`${JSON.parse(line)["type"]}\n`);
});
socket.on("error", () => undefined);
socket.on("close", () => process.stdout.write("closed\n"));

/** A program of one instruction: everything is allowed. */
function addFilter(): void {
  const instruction = new Uint8Array(8);
  const view = new DataView(instruction.buffer);
  view.setUint16(0, 0x06, true); // BPF_RET | BPF_K
  view.setUint32(4, 0x7fff_0000, true); // SECCOMP_RET_ALLOW
  const filter = new BigUint64Array([1n, BigInt(ptr(instruction))]);
  must(
    "seccomp",
    c.prctl(PR_SET_SECCOMP, BigInt(SECCOMP_MODE_FILTER), BigInt(ptr(filter)), 0n, 0n),
  );
}

/** Connects, says everything and becomes the program, without a pause in between. */
function becomeConnected(): never {
  const fd = c.socket(AF_UNIX, SOCK_STREAM, 0);
  const address = Buffer.alloc(110); // struct sockaddr_un
  address.writeUInt16LE(AF_UNIX);
  address.write(path, 2);
  must("connect", c.connect(fd, ptr(address), address.length));
  const bytes = Buffer.from(lines(everything));
  c.write(fd, ptr(bytes), BigInt(bytes.length));
  become();
}

function lines(messages: readonly object[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join("");
}

function become(): never {
  const words = program.map((word) => Buffer.from(`${word}\0`));
  const argv = new BigUint64Array([...words.map((word) => BigInt(ptr(word))), 0n]);
  const [file] = words;
  if (file !== undefined) c.execv(ptr(file), ptr(argv));
  throw new Error(`${program.join(" ")} cannot be run`);
}

function must(what: string, result: number): void {
  if (result !== 0) throw new Error(`${what} failed`);
}
