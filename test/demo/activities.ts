import { createRolloutReader } from "../../src/codex/events.ts";
import { readProgramStatus } from "../../src/codex/program-status.ts";
import { fillPlaceholders, type Filling } from "../../src/demo/codex-files.ts";
import { parseRecording } from "../../src/demo/recording.ts";
import { activityOf } from "../../src/session/activity-of.ts";
import type { ActivityKind } from "../../src/session/activity.ts";
import { newSession, reduce } from "../../src/session/session.ts";

export const filling: Filling = {
  thread: "01a20240-f4f1-7a43-ab13-d99f9a580597",
  turn: "01a20240-f7e6-7ff2-8bdd-a36afc2d3064",
  client: "742ebf1d-2760-4a38-992c-f0570b970a49",
  cwd: '/home/user/$thread/"tides"',
  created: "2026-01-02T03:04:05.000Z",
};

/** Shorter than this nothing is shown: Codex's files and its terminal tell of the same in turn. */
const settledMs = 100;

/** The activities as the real reader of Codex's files sees them; repeats left out. */
export function activitiesOf(text: string): { kinds: ActivityKind[]; misread: number } {
  const reader = createRolloutReader();
  const start = Date.parse(filling.created);
  let session = newSession;
  const kinds: ActivityKind[] = [];
  const { steps } = parseRecording(text);
  for (const [i, step] of steps.entries()) {
    const at = start + step.at;
    if (step.type === "rollout") {
      const line = { timestamp: new Date(at).toISOString(), ordinal: 1, ...step.item };
      const filled = fillPlaceholders(JSON.stringify(line), filling, at);
      for (const event of reader.read(new TextEncoder().encode(filled))) {
        session = reduce(session, event);
      }
    }
    if (step.type === "status") {
      session = reduce(session, {
        type: "statusReported",
        at,
        ...readProgramStatus(step.payload)!,
      });
    }
    const { kind } = activityOf(session, at);
    const settled = (steps[i + 1]?.at ?? Infinity) - step.at >= settledMs;
    if (settled && kind !== kinds.at(-1)) kinds.push(kind);
  }
  return { kinds, misread: reader.counts.unknown + reader.counts.broken };
}
