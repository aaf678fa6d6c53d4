/**
 * When a frame may go to Discord. Pure: what is wanted and the time go in, what to send and when
 * to ask again come out. Discord takes 5 updates in 20 s and drops the rest without a word, so at
 * most 4 cards are sent in any 20 s and the fifth place is kept for taking the card away.
 */
export interface Schedule {
  /** Moments of the sends that still count, oldest first (monotonic ms). */
  readonly sends: readonly number[];
  /** What Discord was last told on this connection. */
  readonly told: Told;
}

/** An encoded activity, or `undefined` for no card. Equal strings are the same card. */
export type Wanted = string | undefined;

type Told =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "sent";
      readonly what: Wanted;
      /** Moment of the last change, from which the one repetition is counted. */
      readonly at: number;
      readonly repeated: boolean;
    };

export interface Decision {
  /** To be sent now; the returned schedule counts it as sent. */
  readonly send: { readonly what: Wanted } | undefined;
  /** Ask again at this moment (monotonic ms), or when something else is wanted. */
  readonly wakeAt: number | undefined;
  readonly schedule: Schedule;
}

export interface Limits {
  /** Length of Discord's window, in ms, with a margin for what arrives late. */
  readonly window: number;
  /** Sends in one window: below `cards` a card may go, below `all` a clear. */
  readonly cards: number;
  readonly all: number;
  /** Rest between two different cards, so that a burst does not spend the window at once. */
  readonly gap: number;
  /** The last change is sent once more after so long, in case Discord dropped it. */
  readonly repeat: number;
}

export const defaultLimits: Limits = {
  window: 20_250,
  cards: 4,
  all: 5,
  gap: 3500,
  repeat: 15_000,
};

export const emptySchedule: Schedule = { sends: [], told: { kind: "nothing" } };

/** Says what to send now and when to ask again. A new connection shows no card by itself. */
export function decide(
  schedule: Schedule,
  wanted: Wanted,
  now: number,
  limits: Limits = defaultLimits,
): Decision {
  const current = { ...schedule, sends: recent(schedule.sends, now, limits) };
  const due = dueAt(current, wanted, now, limits);
  if (due === undefined) return { send: undefined, wakeAt: undefined, schedule: current };
  if (due > now) return { send: undefined, wakeAt: due, schedule: current };
  const next = sent(current, wanted, now);
  const wakeAt = dueAt(next, wanted, now, limits);
  return { send: { what: wanted }, wakeAt, schedule: next };
}

/** After a new connection: Discord shows nothing of ours, what was sent before still counts. */
export function reconnected(schedule: Schedule): Schedule {
  return { sends: schedule.sends, told: { kind: "nothing" } };
}

/** Ages (ms) of the sends that still count: the monotonic clock ends with the process. */
export function sendAges(schedule: Schedule, now: number): readonly number[] {
  return schedule.sends.map((at) => now - at);
}

/** A schedule that goes on where another publisher left off. Ages that make no sense count as 0. */
export function inherit(
  ages: readonly number[],
  now: number,
  limits: Limits = defaultLimits,
): Schedule {
  const sends = ages
    .map((age) => now - (Number.isFinite(age) && age > 0 ? age : 0))
    .toSorted((a, b) => a - b)
    .slice(-limits.all);
  return { sends: recent(sends, now, limits), told: { kind: "nothing" } };
}

function recent(sends: readonly number[], now: number, limits: Limits): readonly number[] {
  return sends.filter((at) => at > now - limits.window);
}

/** What goes out now, whatever the limits say: Discord counts it all the same. */
export function sent(schedule: Schedule, what: Wanted, now: number): Schedule {
  const { told } = schedule;
  const again = told.kind === "sent" && told.what === what;
  return {
    sends: [...schedule.sends, now],
    told: { kind: "sent", what, at: again ? told.at : now, repeated: again },
  };
}

/** The moment at which `wanted` may go out, or `undefined` when there is nothing to send. */
function dueAt(
  schedule: Schedule,
  wanted: Wanted,
  now: number,
  limits: Limits,
): number | undefined {
  const { told, sends } = schedule;
  const room = roomAt(sends, wanted === undefined ? limits.all : limits.cards, now, limits);
  if (told.kind === "nothing") return wanted === undefined ? undefined : room;
  if (told.what === wanted) {
    return told.repeated ? undefined : Math.max(room, told.at + limits.repeat);
  }
  const rests = wanted !== undefined && told.what !== undefined;
  return rests ? Math.max(room, told.at + limits.gap) : room;
}

/** The moment at which fewer than `places` sends are left in the window. */
function roomAt(sends: readonly number[], places: number, now: number, limits: Limits): number {
  const blocking = sends.at(-places);
  return blocking === undefined ? now : Math.max(now, blocking + limits.window);
}
