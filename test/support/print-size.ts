// Prints the size of its terminal as the kernel has it, `[rows cols width height]`, at the start and
// after each SIGWINCH, until it is told to end.
import { dlopen, ptr } from "bun:ffi";

const { symbols: libc } = dlopen("libc.so.6", {
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
});
const TIOCGWINSZ = 0x5413n;

function print(): void {
  const winsize = new Uint16Array(4); // ws_row, ws_col, ws_xpixel, ws_ypixel
  libc.ioctl(0, TIOCGWINSZ, ptr(winsize));
  process.stdout.write(`[${winsize.join(" ")}]\r\n`);
}

process.on("SIGWINCH", print);
process.on("SIGTERM", () => process.exit(0));
process.stdin.on("data", (keys) => {
  if (String(keys).includes("q")) process.exit(0);
});
if (process.argv[2] !== "quiet") process.stdout.write("\x1b[?1049h");
print();
