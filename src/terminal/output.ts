const encoder = new TextEncoder();

/**
 * Collects bytes for one write. Neighbouring slices of the same buffer are joined, and when all
 * came from one buffer that buffer is returned itself: what passes unchanged is never copied.
 */
export class Output {
  #buffer: Uint8Array;
  #length = 0;
  #run: Uint8Array | undefined;
  #from = 0;
  #to = 0;

  constructor(capacity = 4096) {
    this.#buffer = new Uint8Array(capacity);
  }

  /** Appends `[from, to)` of `bytes`, which must not change before `take`. */
  pass(bytes: Uint8Array, from: number, to: number): void {
    if (this.#run === bytes && this.#to === from) {
      this.#to = to;
      return;
    }
    this.#flush();
    this.#run = bytes;
    this.#from = from;
    this.#to = to;
  }

  /** Appends a copy of `[from, to)` of a buffer that will change. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    this.#flush();
    this.#append(bytes, from, to);
  }

  /** Appends text as UTF-8. */
  write(text: string): void {
    if (text === "") return;
    this.#flush();
    this.#reserve(text.length * 3);
    this.#length += encoder.encodeInto(text, this.#buffer.subarray(this.#length)).written;
  }

  /** Appends a number in decimal. */
  decimal(value: number): void {
    if (value >= 1000) {
      this.write(String(value));
      return;
    }
    this.#flush();
    this.#reserve(3);
    if (value >= 100) this.#buffer[this.#length++] = 0x30 + Math.floor(value / 100);
    if (value >= 10) this.#buffer[this.#length++] = 0x30 + (Math.floor(value / 10) % 10);
    this.#buffer[this.#length++] = 0x30 + (value % 10);
  }

  /** How many bytes wait. */
  get length(): number {
    return this.#length + this.#to - this.#from;
  }

  /** All bytes since the last `take`. They belong to the caller. */
  take(): Uint8Array {
    const run = this.#run;
    if (run !== undefined && this.#length === 0) {
      const whole = run.subarray(this.#from, this.#to);
      this.#forget();
      return whole;
    }
    this.#flush();
    const taken = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    if (this.#buffer.length > 1 << 20) this.#buffer = new Uint8Array(4096);
    return taken;
  }

  #flush(): void {
    if (this.#run === undefined) return;
    const run = this.#run;
    const [from, to] = [this.#from, this.#to];
    this.#forget();
    this.#append(run, from, to);
  }

  #forget(): void {
    this.#run = undefined;
    this.#from = 0;
    this.#to = 0;
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(to - from);
    if (to - from > 32) this.#buffer.set(bytes.subarray(from, to), this.#length);
    else for (let i = from; i < to; i++) this.#buffer[this.#length + i - from] = bytes[i] ?? 0;
    this.#length += to - from;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
