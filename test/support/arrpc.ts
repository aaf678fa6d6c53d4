// arRPC's own Discord IPC server as a program: one JSON line on stdout for each activity it shows.
// A program of its own, since it takes the socket's folder from the environment when loaded.
import { resolve } from "node:path";

interface RpcServer {
  on(event: "activity", listener: (shown: object) => void): void;
}

const { default: Server }: { default: new () => Promise<RpcServer> } = await import(
  resolve(import.meta.dir, "../../node_modules/arrpc/src/server.js")
);
const server = await new Server();
server.on("activity", (shown) => process.stdout.write(`${JSON.stringify(shown)}\n`));
