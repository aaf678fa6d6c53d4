/** A file lock as `/proc/locks` lists it. */
export interface HeldLock {
  readonly pid: number;
  readonly inode: number;
}

const line = /^\d+: FLOCK\s+ADVISORY\s+WRITE\s+(\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s/;

/** The exclusive `flock` locks in the text of `/proc/locks` (Linux), waiting ones left out. */
export function readHeldLocks(text: string): readonly HeldLock[] {
  const locks: HeldLock[] = [];
  for (const each of text.split("\n")) {
    const match = line.exec(each);
    if (match !== null) locks.push({ pid: Number(match[1]), inode: Number(match[2]) });
  }
  return locks;
}
