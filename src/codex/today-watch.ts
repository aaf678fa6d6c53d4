import type { Clock } from "../lib/clock.ts";
import type { Disk } from "./disk.ts";
import { dayFolder } from "./thread-files.ts";

/** Where new rollouts appear: today's folder; yesterday's gets none any more. */
export class TodayWatch implements Disposable {
  #watched: { readonly folder: string; readonly watch: Disposable } | undefined;

  /** Watches the folder of the day that it is now, from the first time on. */
  follow(
    disk: Pick<Disk, "watch">,
    home: string,
    clock: Clock,
    onChange: (name: string | undefined) => void,
  ): void {
    const folder = dayFolder(home, clock.now());
    if (this.#watched?.folder === folder) return;
    this[Symbol.dispose]();
    this.#watched = { folder, watch: disk.watch(folder, onChange) };
  }

  [Symbol.dispose](): void {
    this.#watched?.watch[Symbol.dispose]();
  }
}
