import type { Disk } from "./disk.ts";

/**
 * The folders of days that a home has rollouts in, newest first. By fixed depth and digits, so that
 * links lead nowhere in a circle.
 */
export async function dayFolders(
  disk: Pick<Disk, "list">,
  home: string,
  max: number,
): Promise<readonly string[]> {
  const days: string[] = [];
  for (const year of await numbered(disk, `${home}/sessions`, /^\d{4}$/)) {
    // oxlint-disable-next-line no-await-in-loop -- the newest year has enough nearly always
    for (const month of await numbered(disk, year, /^\d{2}$/)) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      days.push(...(await numbered(disk, month, /^\d{2}$/)));
      if (days.length >= max) return days.slice(0, max);
    }
  }
  return days;
}

async function numbered(
  disk: Pick<Disk, "list">,
  folder: string,
  name: RegExp,
): Promise<readonly string[]> {
  const names = (await disk.list(folder)).filter((each) => name.test(each));
  return names
    .toSorted()
    .toReversed()
    .map((each) => `${folder}/${each}`);
}
