import { connect, type Socket } from "node:net";
import type { Channel } from "../../src/instance/channel.ts";
import {
  connectControl,
  openControl,
  type Control,
  type ControlOptions,
} from "../../src/instance/control.ts";
import type { Message } from "../../src/instance/message.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { waitFor } from "../support/wait-for.ts";
import type { Stage } from "./stage.ts";

export const hello = { type: "hello", role: "client", pid: 1, version: "1", startedAt: 1 } as const;
export const greeting = `${JSON.stringify(hello)}\n`;
const controls: Control[] = [];
const sockets: Socket[] = [];
/** Ends what a test has opened. */
export function endAll(): void {
  for (const control of controls.splice(0)) control[Symbol.dispose]();
  for (const socket of sockets.splice(0)) socket.destroy();
}

export interface Heard {
  readonly control: Control;
  readonly channels: Channel[];
  readonly messages: Message[];
  readonly closed: string[];
}

export async function listening(
  stage: Stage,
  env: Record<string, string> = {},
  more: Partial<Pick<ControlOptions, "whoIs" | "clock">> = {},
): Promise<Heard> {
  const channels: Channel[] = [];
  const messages: Message[] = [];
  const closed: string[] = [];
  const control = await openControl({
    home: stage.home,
    env: { XDG_RUNTIME_DIR: stage.runtime, ...env },
    clock: systemClock,
    log: silentLog,
    ...more,
    onChannel: (channel) => {
      channels.push(channel);
      channel.send({ type: "welcome", pid: 1, version: "1" });
      return {
        message: (message) => void messages.push(message),
        closed: (reason) => void closed.push(reason),
      };
    },
  });
  if (typeof control === "string") throw new Error(control);
  controls.push(control);
  return { control, channels, messages, closed };
}

export function raw(path: string): { readonly socket: Socket; readonly isClosed: () => boolean } {
  let closed = false;
  const socket = connect(path);
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.on("close", () => (closed = true));
  socket.resume();
  return { socket, isClosed: () => closed };
}

/** A well-behaved peer is still served. */
export async function stillServes(heard: Heard): Promise<void> {
  const before = heard.messages.length;
  const answers: Message[] = [];
  const connection = connectControl(
    heard.control.address,
    {
      opened: (channel) => {
        channel.send(hello);
        channel.send({ type: "ping" });
      },
      message: (message) => void answers.push(message),
      closed: () => undefined,
    },
    systemClock,
  );
  await waitFor("the welcome", () => answers.length > 0 && heard.messages.length > before);
  connection[Symbol.dispose]();
}
