/** Where file systems are mounted, from Linux's `/proc/PID/mountinfo` (proc_pid_mountinfo(5)). */
export function mountPointsIn(text: string): ReadonlySet<string> {
  const points = text.split("\n").flatMap((line) => line.split(" ")[4] ?? []);
  // Space, tab, newline and backslash are written as \ and three octal digits.
  return new Set(
    points.map((point) =>
      point.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
        String.fromCodePoint(Number.parseInt(digits, 8)),
      ),
    ),
  );
}

/**
 * What tells the disk of a path from other disks: its mount point. Where mount points are not
 * known, the first two names of the path: `/Volumes/backup`, `/Users/ann`, `C:`.
 *
 * @param path absolute, with no link in it
 */
export function diskOf(path: string, mountPoints: ReadonlySet<string> | undefined): string {
  if (mountPoints === undefined) {
    return path.startsWith("/") ? path.split("/", 3).join("/") : path.slice(0, 2).toLowerCase();
  }
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    if (mountPoints.has(at)) return at;
  }
  return "/";
}
