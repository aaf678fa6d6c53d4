/**
 * arRPC, a Discord RPC server that others wrote, in a process of its own. Its socket is in
 * XDG_RUNTIME_DIR; prints each activity as one line of JSON (and log lines of its own).
 */
import type { EventEmitter } from "node:events";

process.env["ARRPC_NO_PROCESS_SCANNING"] = "1";
// It has no types, and a name that is not a literal is looked up at run time only.
const name: string = "arrpc";
const { default: Server }: { default: new () => Promise<EventEmitter> } = await import(name);
const server = await new Server();
server.on("activity", (event: unknown) => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
});
process.stdout.write(`${JSON.stringify({ listening: true })}\n`);
