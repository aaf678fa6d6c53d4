/** What the system or a fault of ours tells this process, each listened to until disposed. */

/** Calls `end` at each signal that asks a program to end. */
export function onEndingSignal(end: () => void): Disposable {
  return listen(["SIGTERM", "SIGINT", "SIGHUP"], end);
}

export function onSignal(name: NodeJS.Signals, run: () => void): Disposable {
  return listen([name], run);
}

/** Calls `run` with what nobody caught, which must not leave the terminal as it is. */
export function onFault(run: (error: unknown) => void): Disposable {
  return listen(["uncaughtException", "unhandledRejection"], run);
}

function listen(names: readonly string[], run: (what: unknown) => void): Disposable {
  for (const name of names) process.on(name, run);
  return {
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, run);
    },
  };
}
