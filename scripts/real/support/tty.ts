/** The terminal of a program that runs in it, in raw mode. */
export interface Tty {
  say(text: string): void;
  /** Where the terminal says the cursor is (CPR): `row;column`, or `no answer`. */
  cursor(): Promise<string>;
  /** Waits until it was typed, or answered; resolves with the first group, or all of it. */
  heard(wanted: RegExp, patienceMs: number): Promise<string>;
}

/** How long a terminal may take for an answer, ms. */
const PATIENCE_MS = 5000;
const LOOK_MS = 100;

export function openTty(): Tty {
  const input = process.stdin;
  input.setRawMode(true);
  let typed = "";
  let wake = (): void => undefined;
  input.on("data", (bytes: Uint8Array) => {
    typed += Buffer.from(bytes).toString("latin1");
    wake();
  });
  const say = (text: string): void => void process.stdout.write(text);
  const heard = async (wanted: RegExp, patienceMs: number): Promise<string> => {
    const end = performance.now() + patienceMs;
    while (performance.now() < end) {
      const found = wanted.exec(typed);
      if (found !== null) {
        typed = typed.slice(found.index + found[0].length);
        return found[1] ?? found[0];
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      // oxlint-disable-next-line no-await-in-loop -- until it comes
      await Promise.race([promise, Bun.sleep(LOOK_MS)]);
    }
    return "no answer";
  };
  return {
    say,
    heard,
    async cursor() {
      say("\x1b[6n");
      return heard(/\x1b\[(\d+;\d+)R/, PATIENCE_MS);
    },
  };
}
