/** Since when each session that is there is known here, on the monotonic clock, ms. */
export class FirstSeen {
  #at: ReadonlyMap<string, number> = new Map();

  /** Notes those that are there now, and forgets all others. */
  note(ids: readonly string[], now: number): void {
    this.#at = new Map(ids.map((id) => [id, this.#at.get(id) ?? now]));
  }

  of(id: string): number | undefined {
    return this.#at.get(id);
  }
}
