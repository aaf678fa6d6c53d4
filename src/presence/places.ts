/**
 * Discord's places: it takes 5 updates in 20 s and drops the rest without a word. It counts them as
 * they arrive, so a send counts from its answer, and from now while there is none: what is late may
 * arrive together. Pure.
 */
export interface Limits {
  /** Length of Discord's window, in ms, with a margin. */
  readonly window: number;
  /** With fewer ordinary changes than this in a window another may go, */
  readonly cards: number;
  /** with fewer cards than this the start of an approval, a question, an error or a limit, */
  readonly attention: number;
  /** and with fewer sends than this, of any kind, what takes a card away or shows less. */
  readonly all: number;
  /** Rest between two ordinary changes, so that a burst does not spend the window at once. */
  readonly gap: number;
  /** The last change is sent once more after so long, in case Discord dropped it. */
  readonly repeat: number;
  /** An unanswered card that shows less is sent again after so long, then after twice as long … */
  readonly retry: number;
  /** What shows less goes within so many ms: where no place comes up in time, by hanging up. */
  readonly lessWithin: number;
}

export const defaultLimits: Limits = {
  window: 20_250,
  cards: 3,
  attention: 4,
  all: 5,
  gap: 3500,
  repeat: 15_000,
  retry: 1000,
  lessWithin: 1000,
};

/** A frame that Discord counts. */
export interface Send {
  readonly id: number;
  /** By when it was there (monotonic ms): the moment of its answer. `undefined` while unknown. */
  readonly arrived: number | undefined;
  readonly allotment: Allotment;
}

/** Which places a frame may have; `reminder`: a card that shows less, once more. */
export type Allotment = (typeof allotments)[number];

const allotments = ["less", "attention", "reminder", "change"] as const;

/** The moment at which a place is free, counted as Discord may count. */
export function roomFor(
  allotment: Allotment,
  sends: readonly Send[],
  now: number,
  limits: Limits,
): number {
  const room = (places: number, of = sends): number => roomAt(of, places, now, limits);
  const cards = sends.filter((send) => send.allotment !== "less");
  switch (allotment) {
    case "less":
      return room(limits.all);
    case "attention":
      return Math.max(room(limits.attention, cards), room(limits.all));
    case "reminder":
      return room(limits.attention);
    case "change":
    default: {
      // Neither the end of an attention waits for its start to leave the window, nor a card that
      // comes back after a pause for the clear.
      const changes = cards.filter((send) => send.allotment !== "attention");
      return Math.max(room(limits.cards, changes), room(limits.attention));
    }
  }
}

/** Those that Discord may still count. */
export function recentSends(sends: readonly Send[], now: number, limits: Limits): readonly Send[] {
  return sends.filter(({ arrived }) => arrived === undefined || arrived > now - limits.window);
}

/** The send, known to have arrived by `now` at the latest. */
export function arrivedAt(send: Send, now: number): Send {
  return send.arrived === undefined ? { ...send, arrived: now } : send;
}

/** The age (ms) of a send that was a change; of any other with what it was for. */
export type SendAge = number | readonly [age: number, allotment: string];

function ageOf(send: SendAge): number {
  return typeof send === "number" ? send : send[0];
}

function purposeOf(send: SendAge): string {
  return typeof send === "number" ? "change" : send[1];
}

/** The same send, so many ms later. */
export function olderBy(send: SendAge, ms: number): SendAge {
  return typeof send === "number" ? send + ms : [send[0] + ms, send[1]];
}

/** The sends by their ages at `now`, for the publisher that comes after. */
export function agesOf(sends: readonly Send[], now: number): readonly SendAge[] {
  return sends.map(({ arrived, allotment }) => {
    const age = now - (arrived ?? now);
    return allotment === "change" ? age : [age, allotment];
  });
}

/**
 * Another publisher's sends. Ages that make no sense count as 0, and what is not known to have been
 * for something else counts as a change, which leaves fewer places.
 */
export function inheritedSends(
  ages: readonly SendAge[],
  now: number,
  limits: Limits,
): readonly Send[] {
  const sends = ages
    .map((each): Send => {
      const age = ageOf(each);
      const purpose = purposeOf(each);
      const arrived = now - (Number.isFinite(age) && age > 0 ? age : 0);
      const allotment = allotments.find((known) => known === purpose) ?? "change";
      return { id: 0, arrived, allotment };
    })
    .toSorted((a, b) => (a.arrived ?? now) - (b.arrived ?? now))
    .slice(-limits.all);
  return recentSends(sends, now, limits);
}

/**
 * Ages of sends that stand for those to several Discords: at no moment fewer than any one of them
 * was sent.
 *
 * @param each newest last, for each Discord
 */
export function agesOfAll(each: readonly (readonly SendAge[])[]): readonly SendAge[] {
  const longest = Math.max(0, ...each.map((ages) => ages.length));
  return Array.from({ length: longest }, (_, i): SendAge => {
    const same = each.map((ages) => ages.at(-1 - i)).filter((send) => send !== undefined);
    const age = Math.min(...same.map(ageOf));
    const [purpose = "change", ...others] = new Set(same.map(purposeOf));
    return purpose === "change" || others.length > 0 ? age : [age, purpose];
  }).toReversed();
}

/** The moment at which fewer than `places` of these sends are left in the window. */
function roomAt(sends: readonly Send[], places: number, now: number, limits: Limits): number {
  const ends = sends.map(({ arrived }) => (arrived ?? now) + limits.window);
  const blocking = ends.toSorted((a, b) => a - b).at(-places);
  return blocking === undefined ? now : Math.max(now, blocking);
}
