import { lstatSync, realpathSync } from "node:fs";
import { connect } from "node:net";
import type { DaemonOptions } from "../codex/daemon.ts";
import { isLocal } from "../lib/local-disk.ts";

/**
 * How to connect to the daemon of a home: by its own socket only, which must belong to whoever runs
 * this. Windows has none.
 */
export function daemonSocket(home: string): DaemonOptions["connect"] {
  return (onData, onEnd) => {
    const path = ourSocket(`${home}/app-server-control/app-server-control.sock`);
    if (path === undefined) return undefined;
    const socket = connect(path);
    socket.on("data", onData);
    // What an error is of no interest: the end follows.
    socket.on("error", () => undefined);
    socket.on("close", onEnd);
    // Nobody's program waits for this one.
    socket.unref();
    return {
      write: (bytes) => void socket.write(bytes),
      [Symbol.dispose]: () => socket.destroy(),
    };
  };
}

function ourSocket(path: string): string | undefined {
  try {
    if (!isLocal(path)) return undefined;
    const real = realpathSync(path);
    const found = lstatSync(real);
    return found.isSocket() && found.uid === process.getuid?.() ? real : undefined;
  } catch {
    return undefined; // Lost: why; mostly that no daemon was ever started.
  }
}
