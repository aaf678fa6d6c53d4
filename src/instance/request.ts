import type { Clock } from "../lib/clock.ts";
import type { Channel } from "./channel.ts";
import { connectControl } from "./control.ts";
import { inspect, type Running } from "./inspect.ts";
import type { Json, Message, Verb } from "./message.ts";
import type { ControlAddress } from "./metadata.ts";
import type { Legacy, Self } from "./self.ts";
import type { Reply } from "./takeover.ts";

/** A publisher that has been asked for the role. Disposing withdraws nothing. */
export interface Request extends Disposable {
  readonly reply: Reply;
  readonly legacy: Legacy | undefined;
}

/** Asks this publisher for the role. One that cannot be reached has hung up. */
export function askForRole(
  holder: Running,
  self: Self,
  clock: Clock,
  onReply: () => void,
): Request {
  let reply: Reply = "none";
  let legacy: Legacy | undefined;
  if (holder.control === undefined) {
    return { reply: "gone", legacy, [Symbol.dispose]: () => undefined };
  }
  const connection = converse(holder.control, self, "taker", clock, {
    first: { type: "takeover", by: self.pid },
    message: (message) => {
      if (message.type !== "bye") return;
      reply = "bye";
      legacy = { inheritance: message.inheritance, heardAt: clock.monotonic() };
      onReply();
    },
    closed: () => {
      if (reply === "none") reply = "gone";
      onReply();
    },
  });
  return {
    get reply() {
      return reply;
    },
    get legacy() {
      return legacy;
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

export type Answer =
  | { readonly kind: "answered"; readonly value: Json; readonly running: Running }
  | { readonly kind: "notRunning"; readonly problem: string | undefined }
  /** A publisher runs but says nothing: an earlier version, stopped, busy, or out of reach. */
  | { readonly kind: "silent"; readonly running: Running; readonly why: string };

export interface Question {
  readonly home: string;
  readonly verb: Verb;
  readonly pid: number;
  readonly version: string;
  readonly clock: Clock;
  /** How long the answer may take, ms: 50 for a status. */
  readonly timeoutMs: number;
}

/** Asks the publisher of this home, if there is one. For `cdp status`, `pause`, `why` and others. */
export async function askPublisher(question: Question): Promise<Answer> {
  const { home, verb, clock, timeoutMs } = question;
  const running = await inspect(home, clock);
  if (running.kind === "notRunning") return running;
  const { control } = running;
  // Whoever asks should not wait for what cannot come.
  if (running.stopped) return { kind: "silent", running, why: "it is stopped" };
  if (control === undefined) {
    return { kind: "silent", running, why: running.why ?? "it listens nowhere" };
  }
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const silent = (why: string) => resolve({ kind: "silent", running, why });
  using _ = clock.after(timeoutMs, () => silent(`no answer in ${timeoutMs} ms`));
  using _connection = converse(control, { ...question, startedAt: 0 }, "client", clock, {
    first: { type: "ask", verb },
    message: (message) => {
      if (message.type !== "answer" || message.verb !== verb) return;
      resolve({ kind: "answered", value: message.value, running });
    },
    closed: silent,
  });
  return await promise;
}

interface Side {
  /** Said after the hello. */
  readonly first: Message;
  readonly message: (message: Message) => void;
  readonly closed: (reason: string) => void;
}

/** Says hello as `role`, then the first word, and listens. */
function converse(
  address: ControlAddress,
  { pid, version, startedAt }: Pick<Self, "pid" | "version" | "startedAt">,
  role: "taker" | "client",
  clock: Clock,
  { first, message, closed }: Side,
): Disposable {
  const opened = (channel: Channel) => {
    const hello = { type: "hello", role, pid, version, startedAt } as const;
    channel.send(address.token === undefined ? hello : { ...hello, token: address.token });
    channel.send(first);
  };
  return connectControl(address, { opened, message, closed }, clock);
}
