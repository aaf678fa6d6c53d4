/** A styled row as a reader sees it: without SGR. Anything else that begins with ESC stays. */
export function plain(row: string): string {
  return row.replaceAll(/\x1b\[[\d;]*m/g, "");
}
