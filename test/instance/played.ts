import { lockHolder, lockPath } from "../../src/instance/lock.ts";
import { noInheritance } from "../../src/instance/message.ts";
import { Role, type RoleOptions } from "../../src/instance/role.ts";
import type { RoleState } from "../../src/instance/seek.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { Stage } from "./stage.ts";

/** A role in this process, with what it did and said. */
export interface Played {
  readonly role: Role;
  readonly done: string[];
  readonly states: RoleState[];
}

/** Begins a role; a wrapper's, unless told otherwise. */
export function play(stage: Stage, more: Partial<RoleOptions> = {}): Played {
  const done: string[] = [];
  const states: RoleState[] = [];
  const role = new Role({
    home: stage.home,
    env: { XDG_RUNTIME_DIR: stage.runtime },
    clock: systemClock,
    log: silentLog,
    mode: "wrapper",
    version: "1.0.0",
    startedAt: 1000,
    publish: () => void done.push("publish"),
    yield: async () => void done.push("yield"),
    inheritance: () => noInheritance,
    answer: (verb) => verb,
    onSessions: () => undefined,
    onState: (state) => void states.push(state),
    ...more,
  });
  return { role, done, states };
}

export const lastOf = ({ states }: Played) => states.at(-1)?.kind;
export const isFree = (stage: Stage) => lockHolder(lockPath(stage.home)).kind === "nobody";
