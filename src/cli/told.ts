import * as v from "valibot";
import type { Json } from "../instance/message.ts";
import type { Answer } from "../instance/request.ts";
import { activityKinds } from "../session/activity.ts";
import {
  evidences,
  leaderFirst,
  type SessionList,
  type SessionView,
} from "../session/session-view.ts";

/** What the publisher knows of a session that no file tells: it hears terminals and the daemon. */
const toldSchema = v.object({
  id: v.pipe(v.string(), v.maxLength(64)),
  kind: v.picklist(activityKinds),
  /** ms since the epoch. */
  since: v.number(),
  evidence: v.picklist(evidences),
  /** The card is of this one. */
  shown: v.boolean(),
});
const answerSchema = v.object({ sessions: v.pipe(v.array(toldSchema), v.maxLength(64)) });

export type Told = v.InferOutput<typeof toldSchema>;

/**
 * For the publisher's answer; kinds alone, nothing that has a name.
 *
 * @param shown which one the card is of, the leader first
 */
export function toldOf(list: SessionList, shown: number | undefined): Json {
  return leaderFirst(list)
    .slice(0, 64)
    .map(({ id, activity: { kind, since }, evidence }, index) => {
      return { id, kind, since, evidence, shown: index === shown };
    });
}

/** What the publisher told; nothing where it did not answer, or is of another version. */
export function readTold(answer: Answer): readonly Told[] {
  if (answer.kind !== "answered") return [];
  const read = v.safeParse(answerSchema, answer.value);
  return read.success ? read.output.sessions : [];
}

/** The list with the kinds that the publisher knows better. */
export function withTold(list: SessionList, told: readonly Told[]): SessionList {
  const better = (view: SessionView): SessionView => {
    const found = told.find(({ id }) => id === view.id);
    if (found === undefined) return view;
    const { kind, since, evidence } = found;
    const same = kind === view.activity.kind;
    return { ...view, evidence, activity: same ? view.activity : { kind, since } };
  };
  const sessions = list.sessions.map(better);
  return { ...list, sessions, leader: sessions.find(({ id }) => id === list.leader?.id) };
}

const threadId = /^[0-9a-f]{8}-/;

/** Sessions that have no thread yet, so that no file tells of them at all. */
export function withoutPrompt(told: readonly Told[]): number {
  return told.filter(({ id }) => !threadId.test(id)).length;
}
