import { type Frame, showsLess } from "./frame.ts";
import {
  agesOf,
  type Allotment,
  arrivedAt,
  inheritedSends,
  type Limits,
  defaultLimits,
  recentSends,
  roomFor,
  type Send,
  type SendAge,
} from "./places.ts";

export { defaultLimits, type Limits } from "./places.ts";

/**
 * When a frame may go to Discord. Pure: what is wanted and the time go in, what to send and when to
 * ask again come out. Discord takes 5 updates in 20 s and drops the rest without a word; which of
 * the five places is for what stands in `places.ts`.
 */
export interface Schedule {
  /** The sends that still count, oldest first. */
  readonly sends: readonly Send[];
  readonly nextId: number;
  /** What Discord was last told on this connection. */
  readonly told: Told;
  /** Text of the card that Discord has refused on this connection: not to be sent again. */
  readonly refused: string | undefined;
}

/** `undefined` for no card. */
export type Wanted = Frame | undefined;

type Told =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "sent";
      readonly what: Wanted;
      /** Of its last send. */
      readonly id: number;
      /** Moment of the change, from which the one repetition is counted, and of the last send. */
      readonly at: number;
      readonly sentAt: number;
      readonly sentTimes: number;
      /** It took something away. */
      readonly less: boolean;
      readonly isAnswered: boolean;
      /** All that Discord may be showing: what it has taken, and what it has not answered. */
      readonly mayShow: readonly { readonly id: number; readonly what: Wanted }[];
    };

export interface Decision {
  /** To be sent now; the returned schedule counts it as sent. */
  readonly send: { readonly what: Wanted; readonly id: number } | undefined;
  /** What is shown must go and no place is left: end the connection, which takes the card away. */
  readonly hangUp: boolean;
  /** Ask again at this moment (monotonic ms), or when something else is wanted. */
  readonly wakeAt: number | undefined;
  readonly schedule: Schedule;
}

export const emptySchedule: Schedule = {
  sends: [],
  nextId: 1,
  told: { kind: "nothing" },
  refused: undefined,
};

/** Says what to send now and when to ask again. A new connection shows no card by itself. */
export function decide(
  before: Schedule,
  wanted: Wanted,
  now: number,
  limits: Limits = defaultLimits,
): Decision {
  const schedule = current(before, wanted, now, limits);
  const turn = turnOf(schedule, wanted, now, limits);
  const nothing = { send: undefined, hangUp: false, wakeAt: undefined, schedule };
  if (turn === undefined) return nothing;
  if (turn.due > now) {
    const tooLate = turn.allotment === "less" && turn.due > now + limits.lessWithin;
    return tooLate && turn.isNew ? { ...nothing, hangUp: true } : { ...nothing, wakeAt: turn.due };
  }
  const next = sent(schedule, turn.what, turn.allotment, now);
  const wakeAt = turnOf(next, wanted, now, limits)?.due;
  return { ...nothing, send: { what: turn.what, id: schedule.nextId }, wakeAt, schedule: next };
}

/** What waits, and until when (monotonic ms); `undefined` while Discord was told what is wanted. */
export function pendingOf(
  schedule: Schedule,
  wanted: Wanted,
  now: number,
  limits: Limits = defaultLimits,
): { readonly what: Wanted; readonly due: number } | undefined {
  const turn = turnOf(current(schedule, wanted, now, limits), wanted, now, limits);
  return turn?.isNew === true ? { what: turn.what, due: turn.due } : undefined;
}

/**
 * Discord has answered the send of this number, or has shown in another way that it came through:
 * from now on it counts from here.
 */
export function answered(
  schedule: Schedule,
  id: number,
  now: number,
  answer: "accepted" | "rejected",
): Schedule {
  const sends = schedule.sends.map((send) => (send.id === id ? arrivedAt(send, now) : send));
  const { told } = schedule;
  if (told.kind === "nothing") return { ...schedule, sends };
  // An older card is gone when a newer one is taken; one that is refused was never shown.
  const mayShow = told.mayShow.filter((one) =>
    answer === "accepted" ? one.id >= id : one.id !== id,
  );
  const refused = answer === "rejected" ? told.mayShow.find((one) => one.id === id) : undefined;
  const isAnswered = told.isAnswered || told.id === id;
  return {
    ...schedule,
    sends,
    told: { ...told, mayShow, isAnswered },
    refused: refused?.what?.text ?? schedule.refused,
  };
}

/**
 * After a new connection: Discord shows no card of this program, what was sent before still counts. What
 * the old connection left unanswered may have been read as late as now.
 */
export function reconnected(schedule: Schedule, now: number): Schedule {
  const sends = schedule.sends.map((send) => arrivedAt(send, now));
  return { ...schedule, sends, told: { kind: "nothing" }, refused: undefined };
}

/** Ages of the sends that still count: the monotonic clock ends with the process. */
export function sendAges(schedule: Schedule, now: number): readonly SendAge[] {
  return agesOf(schedule.sends, now);
}

/** A schedule that goes on where another publisher left off. Ages that make no sense count as 0. */
export function inherit(
  ages: readonly SendAge[],
  now: number,
  limits: Limits = defaultLimits,
): Schedule {
  return { ...emptySchedule, sends: inheritedSends(ages, now, limits) };
}

/** The clear at the end, which waits for nothing; `undefined` where there is no place for it. */
export function farewell(
  schedule: Schedule,
  now: number,
  limits: Limits = defaultLimits,
): Schedule | undefined {
  const recent = { ...schedule, sends: recentSends(schedule.sends, now, limits) };
  if (roomFor("less", recent.sends, now, limits) > now) return undefined;
  return sent(recent, undefined, "less", now);
}

function current(schedule: Schedule, wanted: Wanted, now: number, limits: Limits): Schedule {
  const sends = recentSends(schedule.sends, now, limits);
  const { told } = schedule;
  // The same card for another reason: what comes next is compared with the newer one.
  if (told.kind === "nothing" || told.what?.text !== wanted?.text) return { ...schedule, sends };
  const mayShow = told.mayShow.map((one) =>
    one.what?.text === wanted?.text ? { ...one, what: wanted } : one,
  );
  return { ...schedule, sends, told: { ...told, what: wanted, mayShow } };
}

function sent(schedule: Schedule, what: Wanted, allotment: Allotment, now: number): Schedule {
  const { told, nextId: id } = schedule;
  const less = allotment === "less";
  const sends = [...schedule.sends, { id, arrived: undefined, allotment }];
  const isAgain = told.kind === "sent" && told.what?.text === what?.text;
  const others = told.kind === "sent" ? told.mayShow : [];
  return {
    ...schedule,
    sends,
    nextId: id + 1,
    told: {
      kind: "sent",
      what,
      id,
      at: isAgain ? told.at : now,
      sentAt: now,
      sentTimes: isAgain ? told.sentTimes + 1 : 1,
      less: isAgain ? told.less : less,
      isAnswered: false,
      mayShow: [...others.filter((one) => one.what?.text !== what?.text), { id, what }],
    },
  };
}

interface Turn {
  readonly what: Wanted;
  readonly allotment: Allotment;
  readonly due: number;
  /** Another card than the last, not the same once more. */
  readonly isNew: boolean;
}

/** What is to be sent next, and when it may be; `undefined` when there is nothing to send. */
function turnOf(schedule: Schedule, wanted: Wanted, now: number, limits: Limits): Turn | undefined {
  const { told, sends } = schedule;
  const turn = (what: Wanted, allotment: Allotment, from: number, isNew = true): Turn => {
    const due = Math.max(from, roomFor(allotment, sends, now, limits));
    return { what, allotment, due, isNew };
  };
  const notBefore = Math.max(now, wanted?.notBefore ?? now);
  if (told.kind === "nothing") {
    if (wanted === undefined) return undefined;
    if (wanted.about.attention !== undefined) return turn(wanted, "attention", now);
    return turn(wanted, "change", notBefore);
  }
  const isLess = told.mayShow.some(({ what }) => what !== undefined && showsLess(what, wanted));
  if (wanted !== undefined && wanted.text === schedule.refused) {
    // Where it cannot be had, and what may be shown is too much, there is no card.
    return isLess ? turnOf(schedule, undefined, now, limits) : undefined;
  }
  if (told.what?.text === wanted?.text) return again(told, turn, limits);
  if (isLess) return turn(wanted, "less", now);
  // Nothing that would have to be taken away was ever taken.
  if (wanted === undefined) return undefined;
  const { attention } = wanted.about;
  const before = told.what?.about.attention;
  if (attention !== undefined && attention !== before) return turn(wanted, "attention", now);
  const ends = before !== undefined && attention === undefined;
  const rests = told.what !== undefined && !ends;
  return turn(wanted, "change", rests ? Math.max(notBefore, told.at + limits.gap) : notBefore);
}

/**
 * The last change is sent once more after a while, in case Discord dropped it. What took something
 * away is not left to chance: while it is unanswered it is sent again, each time after twice the wait.
 */
function again(
  told: Extract<Told, { readonly kind: "sent" }>,
  turn: (what: Wanted, allotment: Allotment, from: number, isNew: boolean) => Turn,
  limits: Limits,
): Turn | undefined {
  const { what, less, isAnswered, sentAt, sentTimes, at } = told;
  if (less && !isAnswered) {
    const from = sentAt + limits.retry * 2 ** (sentTimes - 1);
    return turn(what, what === undefined ? "less" : "reminder", from, false);
  }
  return sentTimes > 1 ? undefined : turn(what, "change", at + limits.repeat, false);
}

/** A clear, and a card that shows less and was made just now: what is there is to go at once. */
export function takesAway({ send, schedule: { told } }: Decision): boolean {
  if (send?.what === undefined) return true;
  return told.kind === "sent" && told.less && told.sentTimes === 1;
}
