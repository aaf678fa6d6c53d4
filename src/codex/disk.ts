/** How far a file has come besides growing; see `tail/tail.ts`, which the commands plug in here. */
export type FileChange = "gone" | "truncated" | "replaced" | "refused";

export interface FollowedFile extends Disposable {
  /** Reads whatever is there now; resolves when it has been read. Never rejects. */
  look(): Promise<void>;
}

/** The disk, as this folder needs it: `tail/files.ts` is the real one. Nothing throws or rejects. */
export interface Disk {
  list(folder: string): Promise<readonly string[]>;
  stat(
    path: string,
  ): Promise<
    { readonly inode: number; readonly size: number; readonly modifiedAt: number } | undefined
  >;
  /**
   * When each of these files in one folder was last written to, ms since the epoch; `undefined` for
   * what is not there. Absent where `stat` is as good.
   */
  modifiedAt?(folder: string, names: readonly string[]): Promise<readonly (number | undefined)[]>;
  head(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** The last bytes. */
  foot(path: string, maxBytes: number): Promise<Buffer | undefined>;
  follow(
    file: string | number,
    from: "start" | "end" | { readonly last: number },
    onLine: (line: Uint8Array, whole: boolean) => void,
    onChange?: (change: FileChange) => void,
  ): FollowedFile;
  watch(path: string, onChange: (name: string | undefined) => void): Disposable;
  readonly watchState: "watching" | "polling";
}
