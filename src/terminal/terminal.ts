/** Size of the terminal in character cells. */
export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
}

/** The one door to the user's terminal. The real one is opened by `openTerminal`. */
export interface Terminal extends Disposable {
  readonly size: TerminalSize;
  /** Bytes the user types and the terminal answers; ends when the terminal is gone. */
  readonly input: AsyncIterable<Uint8Array>;
  /**
   * Writes in order. Returns `undefined` when everything was taken at once, else a promise that
   * resolves when it has been (the caller's backpressure). Rejects when the terminal is gone.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Switches between raw and the mode found at the start. */
  setRaw(raw: boolean): void;
  /** Calls `listener` with each new size; disposing ends it. */
  onResize(listener: (size: TerminalSize) => void): Disposable;
}
